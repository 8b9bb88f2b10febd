export default {
  zh: {
    title: "档案", search: "车牌 / VIN / 手机 / 姓名", none: "没有找到“{text}”", none_text: "本机有全店的档案；少打几个字再试，或者登记一辆新车。", none_offline: "离线自 {time}。刚在别处建的档案，联网后才会到本机。",
    by_plate: "车牌", by_vin: "VIN", by_phone: "手机", by_name: "姓名", model_unknown: "车型未填", recent: "最近来店", recent_none: "还没有车来过", recent_none_text: "登记第一辆到店的车，它的档案就从今天开始。",
    arrive: "登记到店", resume: "继续这次接待", found: "找到 {n} 辆", found_first: "先列出 {n} 辆，再打几个字", total: "共 {n} 辆", new_vehicle: "登记新车",
    facts: "车辆", customer: "客户", no_customer: "还没有客户", vin: "VIN", engine_no: "发动机号", colour: "颜色", year: "年款", year_of: "{n} 款", energy: "能源", fuel: "燃油", electric: "纯电", hybrid: "混动", body: "车身", car: "轿车", suv: "SUV",
    odometer: "里程", next_service: "下次保养", warranty_from: "质保起", purchased_on: "购车", note: "备注", plate: "车牌", make: "品牌", model: "车型", edit: "改资料", save: "保存", phone: "手机", address: "地址", name: "姓名", person_title: "尊称", prefers: "方便联系", wishes: "喜好",
    channel_phone: "电话", channel_sms: "短信", channel_wechat: "微信", channel_mail: "邮件",
    timeline: "经历", timeline_none: "还没有来过", timeline_none_text: "第一次接待后，这里会记下每一次到店、每一项维修和客户没做的项目。", older: "更早", older_visits: "{n} 次到店", photos_n: "照片 {n} 张",
    declined: "客户没做", declined_hint: "下次到店再提", order: "工单 {number}", marks_n: "损伤标记 {n} 处", call: "致电 {name}", missing: "这份档案不在本机", missing_text: "可能还没有同步到，也可能不属于本店。", missing_offline: "离线自 {time}。您可以先接待，联网后自动并入档案。", receive_first: "先接待",
    vin_letters: "VIN 里没有 I、O、Q 和符号，请核对。", vin_length: "VIN 是 17 位，现在 {n} 位。", vin_check: "校验位对不上，请对照行驶证看一遍；确实如此就照存。", plate_check: "不像一块完整的车牌；外地、临时牌可以照存。", all_declined: "以前没做的项目",
  },
  en: {
    title: "Files", search: "Plate / VIN / phone / name", none: "Nothing found for “{text}”", none_text: "All files of the shop are on this tablet; try fewer characters, or register a new vehicle.", none_offline: "Offline since {time}. Files just made elsewhere arrive when the network is back.",
    by_plate: "plate", by_vin: "VIN", by_phone: "phone", by_name: "name", model_unknown: "Model not entered", recent: "Here lately", recent_none: "No car has been here yet", recent_none_text: "Register the first arrival and its file begins today.",
    arrive: "Register arrival", resume: "Continue this reception", found: "{n} {n|vehicle|vehicles} found", found_first: "the first {n}; type a little more", total: "{n} vehicles", new_vehicle: "Register a new vehicle",
    facts: "Vehicle", customer: "Customer", no_customer: "No customer yet", vin: "VIN", engine_no: "Engine no.", colour: "Colour", year: "Model year", year_of: "{n}", energy: "Energy", fuel: "Fuel", electric: "Electric", hybrid: "Hybrid", body: "Body", car: "Saloon", suv: "SUV",
    odometer: "Odometer", next_service: "Next service", warranty_from: "Warranty from", purchased_on: "Bought", note: "Note", plate: "Plate", make: "Make", model: "Model", edit: "Edit", save: "Save", phone: "Phone", address: "Address", name: "Name", person_title: "Form of address", prefers: "Best reached", wishes: "Wishes",
    channel_phone: "by phone", channel_sms: "by SMS", channel_wechat: "on WeChat", channel_mail: "by mail",
    timeline: "History", timeline_none: "Has not been here yet", timeline_none_text: "After the first reception every visit, every job and everything the customer declined stands here.", older: "Earlier", older_visits: "{n} {n|visit|visits}", photos_n: "{n} {n|photo|photos}",
    declined: "Declined", declined_hint: "offer again next time", order: "Order {number}", marks_n: "{n} damage {n|mark|marks}", call: "Call {name}", missing: "This file is not on the tablet", missing_text: "It may not have arrived yet, or it belongs to another shop.", missing_offline: "Offline since {time}. Receive the car now; it joins its file when the network is back.", receive_first: "Receive first",
    vin_letters: "A VIN has no I, O, Q and no signs; please check.", vin_length: "A VIN has 17 characters; this has {n}.", vin_check: "The check digit does not fit; compare it with the papers. If it is so, save it as it is.", plate_check: "This is no complete plate; foreign and temporary ones are saved as they are.", all_declined: "Declined before",
  },
};
