export default {
  zh: {
    title: "店里的平板", text: "平板丢了，在这里停用：上面的人马上退出，它下次联网会清掉自己。", count: "{n} 台", none: "还没有平板", none_text: "有人第一次登录后，平板会出现在这里。",
    letter: "平板 {letter}", seen: "{ago}联系过", never: "还没有联系过", app: "版本 {version}", here: "就是这台", revoked: "已停用", quiet: "很久没有联系", unknown: "不在本店的同事",
    name: "起个名字", name_save: "存下", lost: "平板丢了", lost_do: "停用这台平板", keep: "不停用", found: "找到了，恢复使用", found_text: "恢复后要用密码重新登录；它若联过网，上面的内容已经清掉。",
    sure: "停用“{name}”？", sure_now: "{people}马上退出登录，要在别的平板上用密码重新登录。", sure_wipe: "这台平板下次联网时，会清掉上面的全部内容并说明原因。", sure_unsent: "它上面没发送的内容就没有了；已经送到服务器的都在。", sure_mine: "您自己也在其中，要重新登录。", sure_here: "注意：就是您手里这台。", sure_offline: "现在离线：要等联网后才生效。",
  },
  en: {
    title: "Tablets", text: "A lost tablet is revoked here: its people are signed out at once, and it wipes itself at its next contact.", count: "{n} {n|tablet|tablets}", none: "No tablet yet", none_text: "A tablet appears here once somebody has signed in on it.",
    letter: "Tablet {letter}", seen: "seen {ago}", never: "not seen yet", app: "version {version}", here: "this one", revoked: "Revoked", quiet: "Silent for long", unknown: "Somebody of another shop",
    name: "Name it", name_save: "Save", lost: "Tablet lost", lost_do: "Revoke this tablet", keep: "Do not revoke", found: "Found, use it again", found_text: "Its people then sign in with their passwords; if it had contact meanwhile, what it held was wiped.",
    sure: "Revoke “{name}”?", sure_now: "{people}: signed out at once; they sign in again on another tablet with their passwords.", sure_wipe: "At its next contact the tablet wipes all it holds and says why.", sure_unsent: "What it has not sent is gone; what has reached the server stays.", sure_mine: "You are among them and sign in again, too.", sure_here: "Careful: this is the tablet in your hands.", sure_offline: "You are offline: it takes effect when the network is back.",
  },
};
