export default {
  zh: {
    brand: "售后", brand_line: "从环车检查到交车，一处不漏。", title: "登录", here: "这台平板上的同事", 
    login: "登录名或邮箱", password: "密码", show: "显示密码", hide: "隐藏密码", submit: "登录", busy: "正在登录", missing: "请填登录名和密码。",
    other: "用别的账号登录", offline: "现在没有网络", offline_text: "第一次登录要联网。登录过的同事点自己的名字，用 PIN 进入，照常工作。", offline_none: "第一次登录要联网。接上网络后再试。",
    pin_for: "{name}，请输入 PIN", pin_label: "PIN，已输入 {n} 位", pin_enter: "进入", pin_delete: "删一位", pin_short: "PIN 至少 4 位。",
    wiped: "这台平板已被店长停用", wiped_text: "{name}在这台平板上的内容已在 {time} 全部清掉，没有送到服务器的也不在了。捡到它的人，请交还门店。需要再用，请店长恢复后用密码登录。", somebody: "一位同事", forgotten: "浏览器忘掉了{name}在这台平板上的内容", forgotten_unsent: "最后一次看到是 {time}，当时有 {n} 条没发送，可能丢了。请本人登录，并核对那以后的接待。", forgotten_text: "最后一次看到是 {time}，当时都已送到服务器。登录后会重新取回。", unsent: "{n} 条待发", held: "{n} 条等您登录",
    no_pin: "还没设 PIN，要用密码登录", key: "数字 {n}", language: "语言", theme: "亮度", forgot: "忘记 PIN？联网后用密码登录，再设新的。",
  },
  en: {
    brand: "Aftercare", brand_line: "From the walk-around to the finished car, nothing missed.", title: "Sign in", here: "Staff of this tablet", 
    login: "Login or e-mail", password: "Password", show: "Show password", hide: "Hide password", submit: "Sign in", busy: "Signing in", missing: "Enter login and password.",
    other: "Sign in with another account", offline: "No network now", offline_text: "The first sign-in needs the network. If you have signed in here before, tap your name and enter your PIN; everything works.", offline_none: "The first sign-in needs the network. Connect and try again.",
    pin_for: "{name}, enter your PIN", pin_label: "PIN, {n} {n|digit|digits} entered", pin_enter: "Enter", pin_delete: "Delete one digit", pin_short: "A PIN has at least 4 digits.",
    wiped: "This tablet was revoked by the manager", wiped_text: "Everything {name} had on this tablet was wiped {time}, also what had not reached the server. If you found it, please bring it back to the shop. To use it again the manager restores it, then sign in with your password.", somebody: "a colleague", forgotten: "The browser has forgotten what {name} had on this tablet", forgotten_unsent: "It was last seen {time} with {n} unsent {n|entry|entries}, which may be lost. Please sign in and check the receptions since.", forgotten_text: "It was last seen {time}, when everything had reached the server. It is fetched again when you sign in.", unsent: "{n} to send", held: "{n} wait for you",
    no_pin: "No PIN set; sign in with the password", key: "Digit {n}", language: "Language", theme: "Brightness", forgot: "PIN forgotten? Sign in with the password when online, then set a new one.",
  },
};
