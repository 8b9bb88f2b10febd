export default {
  zh: {
    title: "今日", waiting: "到店等候", others: "同事正在接待", listen: "等您听诊", say: "要告诉客户", mine: "我的在厂车", cars: "在厂的车", register: "登记到店车辆", receive: "开始接待", continue: "继续接待", receiving: "接待中",
    waited: "已等 {span}", quote: "“{words}”", nobody: "现在没有人等候", nobody_text: "车到了，先登记，客户就有受理号。", say_none: "没有要告诉客户的事", say_none_text: "将要迟的、等签字的、可交车的，都会出现在这里。",
    cars_none: "您还没有在厂的车", cars_none_text: "接待签字后，车会出现在这里，一直到交车。", say_late: "已过约定时间，告知客户", say_soon: "约定 {time}，可能要迟", say_supplement_price: "追加项目等您报价", say_supplement_sign: "等客户签追加项目", say_estimate_sign: "估价等客户签字", say_ready: "可交车，通知客户",
    late_by: "迟 {span}", left: "余 {span}", for: "{span}", promised: "约定 {time}", get_signature: "请客户签字", price_it: "去报价",
    stage_sign: "等客户签字", stage_dispatch: "待开工", stage_work: "维修", stage_wait: "等待", stage_quality: "质检", stage_ready: "可交车", visit_inspected: "等客户签字", visit_handed_over: "已交车间", visit_working: "在车间", visit_ready: "可交车",
    late_late: "已迟", late_soon: "将迟", late_waiting: "等待", late_on_time: "准时", late_open: "没有约定时间",
  },
  en: {
    title: "Today", waiting: "Waiting", others: "With colleagues", listen: "Wait for you to listen", say: "Tell the customer", mine: "My cars here", cars: "Cars here", register: "Register an arrival", receive: "Start reception", continue: "Continue reception", receiving: "In reception",
    waited: "{span} waiting", quote: "“{words}”", nobody: "Nobody is waiting", nobody_text: "Register a car when it arrives; the customer gets a ticket number.", say_none: "Nothing to tell a customer", say_none_text: "Cars about to be late, waiting for a signature or ready appear here.",
    cars_none: "You have no car in the shop", cars_none_text: "After the reception is signed the car stands here until it leaves.", say_late: "Late, tell the customer", say_soon: "{time}, may be late", say_supplement_price: "Extra job to price", say_supplement_sign: "Extra job to be signed", say_estimate_sign: "Estimate to be signed", say_ready: "Ready, tell the customer",
    late_by: "{span} late", left: "{span} left", for: "{span}", promised: "promised {time}", get_signature: "Get the signature", price_it: "Price it",
    stage_sign: "To be signed", stage_dispatch: "To start", stage_work: "In work", stage_wait: "Waiting", stage_quality: "Quality", stage_ready: "Ready", visit_inspected: "To be signed", visit_handed_over: "With the workshop", visit_working: "In the workshop", visit_ready: "Ready",
    late_late: "Late", late_soon: "Soon late", late_waiting: "Waiting", late_on_time: "On time", late_open: "No promised time",
  },
};
