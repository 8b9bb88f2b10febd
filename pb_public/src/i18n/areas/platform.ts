// The door to shop platforms: address and secret of the signed webhook.
export default {
  zh: {
    title: "平台接口", text: "网店平台用签名的调用把订单送来。地址和密钥填到平台那一边。", open_text: "订单从网店平台自动送来", address: "地址", copy: "复制", copied: "已复制", secret: "密钥", once: "密钥只显示这一次，离开后再也看不到。请现在复制到平台。", none: "还没有密钥，接口关着", made: "{name} {time} 生成", make: "生成密钥", renew: "换一个新密钥", renew_text: "换了以后，旧密钥立刻失效；平台换上新密钥之前的调用会被拒收，平台会自己重发。", renew_do: "换新密钥", drop: "关闭接口", drop_text: "关闭后平台的调用一律拒收，直到再生成密钥。", drop_do: "确认关闭", not_now: "先不", offline: "要联网才能查看和生成密钥",
    how: "怎么签名", how_text: "Standard Webhooks：HMAC-SHA256，头里带 webhook-id、webhook-timestamp、webhook-signature；一次最多 100 张订单。同一张订单再送不会重复；退过款的订单，实付不能改得比已退的少。",
  },
  en: {
    title: "Platforms", text: "Shop platforms send their orders by signed calls. Address and secret are entered on their side.", open_text: "Orders come from shop platforms by themselves", address: "Address", copy: "Copy", copied: "Copied", secret: "Secret", once: "The secret is shown this once and never again. Copy it to the platform now.", none: "No secret yet: the door is shut", made: "Made by {name}, {time}", make: "Make a secret", renew: "A new secret", renew_text: "The old one ends at once. Calls are refused until the platform has the new one; platforms send them again.", renew_do: "Make the new one", drop: "Shut the door", drop_text: "Every call is refused until a secret is made again.", drop_do: "Shut it", not_now: "Not now", offline: "Secrets are seen and made with a network only",
    how: "How calls are signed", how_text: "Standard Webhooks: HMAC-SHA256 with the headers webhook-id, webhook-timestamp and webhook-signature; up to 100 orders a call. The same order again changes nothing; an order never becomes smaller than what was refunded.",
  },
};
