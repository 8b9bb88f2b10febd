// The guard's screen at the gate.
export default {
  zh: {
    title: "出厂核验", scan: "扫放行条", stop: "停止扫码", code: "扫码枪或号码", check: "核验", ok: "可以放行", no: "不能放行", open: "已放行，开杆", opened: "{plate} 已放行", number: "放行条 {number}", until: "有效至 {time}", by_tablet: "收银平板签发", by_server: "服务器签发", unheard: "本机还没收到这张放行条；签名有效", look: "请核对车牌",
    no_camera: "这部手机的浏览器不能扫码，请用扫码枪，或输入放行条号码。", today: "今天放行", expected: "可以出厂", ends: "放行条有效至", none: "还没有车出厂", none_text: "扫放行条上的二维码，没有网络也能核验。", next: "下一辆", flagged: "异常",
  },
  en: {
    title: "Gate", scan: "Scan a pass", stop: "Stop scanning", code: "Scanner or number", check: "Check", ok: "May leave", no: "Do not open", open: "Open, the car is out", opened: "{plate} is out", number: "Pass {number}", until: "good until {time}", by_tablet: "signed by a cashier's tablet", by_server: "signed by the server", unheard: "This phone has not heard of the pass yet; its signature is good", look: "Compare the plate",
    no_camera: "This phone's browser cannot scan. Use a scanner, or type the number of the pass.", today: "Left today", expected: "May leave", ends: "the pass is good until", none: "No car has left yet", none_text: "Scan the code on the pass. It works without a network.", next: "Next car", flagged: "alert",
  },
};
