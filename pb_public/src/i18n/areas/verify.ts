// The public page that says whether a signed document is genuine.
export default {
  zh: {
    other_language: "English",
    title: "签字核对", lead: "核对一份签过字的文件是不是原件、有没有被改过。", code: "打印件上的编码", check: "核对", file: "或选择 PDF / JSON 文件", checking: "正在核对…",
    valid: "真实有效", voided: "真实，但签字已作废", invalid: "不可信", invalid_text: "封印与内容不符：文件被改过，或不是这家门店的。", unknown: "查不到", unknown_text: "没有这个编码的签字文件。请核对编码。", offline_valid: "封印真实（离线核对）", offline_text: "没有网络：只核对了二维码里的封印。签字后来有没有作废，要联网才知道。",
    unpinned: "现在无法核对", unpinned_text: "没有网络，这台设备也还没有门店的公钥。联网打开一次本页后，就能离线核对。", no_crypto: "这个浏览器不能自己核对封印，请联网再试，或换一个浏览器。",
    kind: "文件", kind_precheck: "预检问诊表", kind_estimate: "估价单", kind_supplement: "追加项目", kind_delivery: "交车单", kind_paper: "打印件", signer: "签字人", signed_at: "签字时间", sealed_at: "封印时间", sha256: "指纹", key: "密钥", way: "方式", way_signature: "现场签字", way_phone: "电话同意", way_portal: "客户手机", state_given: "同意", state_declined: "不同意", test: "测试服务器，没有效力",
    changed_keys: "注意：服务器现在用的密钥与本机记住的不同，而且没有交接。", again: "再核对一份",
  },
  en: {
    other_language: "中文",
    title: "Check a signature", lead: "Says whether a signed document is genuine and unaltered.", code: "Code on the printed copy", check: "Check", file: "or choose a PDF or JSON file", checking: "Checking…",
    valid: "Genuine", voided: "Genuine, but the signature was voided", invalid: "Not to be trusted", invalid_text: "The seal does not fit the content: it was altered, or it is not of this shop.", unknown: "Not found", unknown_text: "There is no signed document with this code. Check the code.", offline_valid: "The seal is genuine (checked offline)", offline_text: "Without a network only the seal in the QR code was checked. Whether the signature was voided later needs the network.",
    unpinned: "Cannot be checked now", unpinned_text: "There is no network, and this device does not hold the shop's public keys yet. Open this page once with a network, then it can check offline.", no_crypto: "This browser cannot check seals itself. Try with a network, or in another browser.",
    kind: "Document", kind_precheck: "Pre-check sheet", kind_estimate: "Estimate", kind_supplement: "Additional work", kind_delivery: "Delivery sheet", kind_paper: "Printed paper", signer: "Signed by", signed_at: "Signed", sealed_at: "Sealed", sha256: "Fingerprint", key: "Key", way: "How", way_signature: "on the tablet", way_phone: "by phone", way_portal: "on the customer's phone", state_given: "approved", state_declined: "declined", test: "Test server: of no effect",
    changed_keys: "Note: the server's keys are not those this device remembers, and nobody handed over.", again: "Check another",
  },
};
