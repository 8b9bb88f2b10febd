export default {
  zh: {
    title: "设备和商品", find: "序列号 / 标签号 / 订单号 / 品名 / 客户", none: "没有找到“{text}”", empty: "还没有设备和商品的档案", empty_text: "客户送来第一件时建档：设备认序列号或标签号，商品认订单号或批次号。", total: "共 {n} 件", open: "建档", kind: "种类", kind_device: "设备", kind_goods: "商品",
    facts: "资料", edit: "改资料", save: "保存", name: "品名", brand: "品牌", model: "型号", serial: "序列号", label: "标签号", configuration: "配置", order_number: "订单号", batch_number: "批次号", inspection_number: "检验号", purchased_on: "购买日期", warranty_from: "质保起", warranty_until: "质保止", note: "备注", missing: "这份档案不在本机",
    whose: "是谁的", nobody: "还不知道是谁的", find_customer: "姓名 / 手机", release: "不是这位", in_warranty: "质保内，到 {day}", out_of_warranty: "已过质保，{day} 到期", photos: "照片", take: "拍照", photos_none: "还没有照片", photos_none_text: "拍整体、铭牌和标签，以后对得上。", unknown: "没有名称", scan: "扫码",
  },
  en: {
    title: "Devices and goods", find: "Serial / label / order no. / name / customer", none: "Nothing found for “{text}”", empty: "No file of a device or of goods yet", empty_text: "Open one when the first is brought in: a device is known by serial or label, goods by order or batch number.", total: "{n} {n|file|files}", open: "Open a file", kind: "Kind", kind_device: "Device", kind_goods: "Goods",
    facts: "Facts", edit: "Edit", save: "Save", name: "Name", brand: "Brand", model: "Model", serial: "Serial number", label: "Label number", configuration: "Configuration", order_number: "Order no.", batch_number: "Batch no.", inspection_number: "Inspection no.", purchased_on: "Bought", warranty_from: "Warranty from", warranty_until: "Warranty until", note: "Note", missing: "This file is not on the tablet",
    whose: "Whose is it", nobody: "Nobody known yet", find_customer: "Name / phone", release: "Not them", in_warranty: "in warranty until {day}", out_of_warranty: "warranty ended {day}", photos: "Photos", take: "Take a photo", photos_none: "No photo yet", photos_none_text: "Take the whole, the type plate and the label, so that it can be told later.", unknown: "No name", scan: "Scan",
  },
};
