export default {
  zh: {
    title: "接待", subtitle: "登记到店车辆", which: "哪一辆车", visit: "这次到店", purpose: "来做什么", purpose_maintenance: "保养", purpose_repair: "一般维修", purpose_body: "钣金喷漆", purpose_comeback: "返修", purpose_consultation: "只咨询",
    odometer: "里程", odometer_last: "上次 {km}", odometer_less: "比上次的 {km} 少，请再看一眼仪表。", fuel: "油量", charge: "电量", begin: "开始接待", wait: "先登记，客户等候", another: "换一辆车",
    start: "车到了？", start_text: "打车牌、VIN、手机或姓名里的几个字，档案就出来；没有来过的车，在这里登记。", already: "这辆车已经在店里：{number}", already_text: "{time} 到店。多半是要继续那一次。", open_visit: "打开那一次", open_file: "打开档案",
    last: "上次到店", first_time: "第一次来", other_customer: "换人送车", customer_right: "送车人写在右边。", who: "送车人", known: "已有档案", not_them: "不是这位", owner_again: "还是 {name}",
    twin: "这辆车已有档案，用它就不会有两份：", ticket: "受理号", ticket_text: "请把受理号告诉客户。谁有空，谁从“今日”接着接待。", to_day: "回到今日", next: "再登记一辆", why_vehicle: "先找到或登记一辆车。", why_plate: "新车要有车牌或 VIN。", why_customer: "写下怎么称呼客户。", why_purpose: "选一下客户来做什么。", why_original: "选一下返修哪一项；没有做过的车按一般维修接待。", why_template: "环车检查表还没到本机，联网同步后就能开始。",
  },
  en: {
    title: "Receive", subtitle: "Register an arrival", which: "Which car", visit: "This visit", purpose: "What for", purpose_maintenance: "Maintenance", purpose_repair: "Repair", purpose_body: "Body and paint", purpose_comeback: "Comeback", purpose_consultation: "Consultation only",
    odometer: "Odometer", odometer_last: "Last time {km}", odometer_less: "Less than last time ({km}); look at the dial again.", fuel: "Fuel level", charge: "Charge", begin: "Start reception", wait: "Register only, the customer waits", another: "Another car",
    start: "A car is here?", start_text: "Type a few characters of plate, VIN, phone or name and the file appears; a car never seen before is registered here.", already: "This car is already in the shop: {number}", already_text: "Arrived {time}. Most likely you want to continue that visit.", open_visit: "Open that visit", open_file: "Open the file",
    last: "Last visit", first_time: "First time here", other_customer: "Someone else", customer_right: "The person is entered at the right.", who: "Who brings it", known: "has a file", not_them: "Not this person", owner_again: "It is {name} after all",
    twin: "This car has a file already; use it and there will not be two:", ticket: "Ticket number", ticket_text: "Tell the customer this number. Whoever is free goes on from “Today”.", to_day: "Back to today", next: "Register another", why_vehicle: "Find or register a car first.", why_plate: "A new car needs a plate or a VIN.", why_customer: "Enter how to address the customer.", why_purpose: "Choose what the customer came for.", why_original: "Choose which job comes back; a car never mended here is received for a repair.", why_template: "The walk-around sheet has not reached this tablet; it can start after the next sync.",
  },
};
