// Checklists of the shop.
export default {
  zh: {
    title: "检查模板", open_text: "环车检查、设备检查、新车交付、到货验收", text: "改一份检查表就是出新的一版：新开的检查用新版，已开始的检查保持它开始时的版本。", edit: "修改", revision: "第 {n} 版", points_n: "{n} 项", groups_n: "{n} 个区域", in_force: "现行", history: "历次版本 {n}", none: "本店还没有这份检查表，做不了这种检查。", take: "采用标准检查表",
    kind_walkaround: "环车检查", kind_device_check: "39 项设备检查", kind_new_vehicle: "新车交付检查", kind_goods_receiving: "到货验收",
    editor: "{title} · 第 {n} 版", name_zh: "名称（中文）", name_en: "名称（英文）", label_zh: "项目（中文）", label_en: "项目（英文）", add: "加一项", unnamed: "还没写名称", optional: "可以不查", optional_tag: "可不查", up: "上移", down: "下移", first: "已是第一项", last: "已是最后一项", take_out: "去掉",
    effect: "保存后立即用于新开的检查。", save: "启用第 {n} 版", why_title: "请填名称", why_empty: "至少要有一项", why_label: "有一项还没写名称", why_same: "还没有改动",
  },
  en: {
    title: "Checklists", open_text: "Walk-around, device check, new-vehicle delivery, goods receiving", text: "A change makes a new revision: what begins from now on goes by it, what has begun keeps the one it began with.", edit: "Change", revision: "revision {n}", points_n: "{n} {n|point|points}", groups_n: "{n} {n|area|areas}", in_force: "in force", history: "{n} {n|revision|revisions}", none: "The shop has no such list yet, so this inspection cannot be done.", take: "Take the standard list",
    kind_walkaround: "Walk-around", kind_device_check: "39-point device check", kind_new_vehicle: "New-vehicle delivery check", kind_goods_receiving: "Goods receiving",
    editor: "{title} · revision {n}", name_zh: "Name (Chinese)", name_en: "Name (English)", label_zh: "Point (Chinese)", label_en: "Point (English)", add: "Add a point", unnamed: "not named yet", optional: "May stay open", optional_tag: "optional", up: "Up", down: "Down", first: "It is the first", last: "It is the last", take_out: "Take out",
    effect: "Inspections that begin after this go by it at once.", save: "Put revision {n} in force", why_title: "Enter the name", why_empty: "It needs a point at least", why_label: "A point has no name", why_same: "Nothing is changed yet",
  },
};
