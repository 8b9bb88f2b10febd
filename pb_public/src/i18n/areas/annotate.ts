// Photos large, and drawing on them.
export default {
  zh: {
    of: "照片 {n} / {m}", untouched: "标记画在另一层，原图不改", done: "完成", draw: "标注", layer_hide: "看原图", layer_show: "看标记",
    previous: "上一张", next: "下一张", taken: "拍摄", device: "设备", this_device: "本机", original: "原图", slot_near: "近照", slot_far: "远照",
    state_local: "本机", state_sending: "发送中", state_stored: "已存", state_verified: "已核验", state_refused: "被退回", refused_text: "服务器没有收下这一张。原件还在本机，请重拍或导出原件。",
    tools: "画笔", tool_arrow: "箭头", tool_circle: "圈", tool_text: "文字", undo: "撤销", redo: "重做", canvas: "照片：拖动来画，方向键移动选中的标记",
    marks: "标记", phrases: "常用文字", text: "写几个字", remove: "删去{what}",
    hint_arrow: "从空处拖向损伤，箭头指着它；点一下也行。", hint_circle: "顺着损伤拖一下，圈住它；点一下也行。", hint_text: "点一下照片，再选文字。",
    phrase_primer_no: "未见底漆", phrase_primer_yes: "已见底漆", phrase_polish: "可抛光", phrase_customer_says: "客户自述", phrase_default: "见此处",
  },
  en: {
    of: "Photo {n} / {m}", untouched: "marks are a layer, the original stays", done: "Done", draw: "Draw on it", layer_hide: "Original only", layer_show: "Show marks",
    previous: "Previous", next: "Next", taken: "Taken", device: "Device", this_device: "this tablet", original: "Original", slot_near: "near", slot_far: "far",
    state_local: "On tablet", state_sending: "Sending", state_stored: "Stored", state_verified: "Verified", state_refused: "Refused", refused_text: "The server did not take this one. The original is still on this tablet: take it again or export it.",
    tools: "Drawing tools", tool_arrow: "Arrow", tool_circle: "Circle", tool_text: "Text", undo: "Undo", redo: "Redo", canvas: "Photo: drag to draw, arrow keys move the chosen mark",
    marks: "Marks", phrases: "Phrases", text: "A few words", remove: "Remove {what}",
    hint_arrow: "Drag towards the damage; a tap will do.", hint_circle: "Drag along the damage to ring it; a tap will do.", hint_text: "Tap the photo, then choose the words.",
    phrase_primer_no: "Primer not visible", phrase_primer_yes: "Primer visible", phrase_polish: "Can be polished", phrase_customer_says: "Customer's account", phrase_default: "See here",
  },
};
