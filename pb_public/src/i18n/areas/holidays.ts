// The calendars of holidays that due times are counted by.
export default {
  zh: {
    title: "节假日安排", text: "退换货、补件等期限按国务院办公厅公布的放假和调休上班日计算。改动只影响以后的计算。", open_text: "新一年的放假和调休上班日",
    gap: "{year} 年还没有节假日安排", gap_text: "期限里的这一年暂按周一到周五算，页面上会注明。国务院办公厅通知公布后，请在下面录入。",
    load: "录入新一年", notice: "通知全文", notice_hint: "从中国政府网复制《国务院办公厅关于…年部分节假日安排的通知》，整篇粘贴。", why_paste: "先粘贴通知全文", why_unread: "没有读到年份和放假日，请粘贴通知全文", why_wrong: "先改正上面指出的日期",
    year: "{year} 年", from_to: "{from} 至 {to}，{n} 天", makeup: "调休上班", and: "、", save: "核对无误，生效", shipped: "出厂自带", loaded: "本店录入，第 {n} 版",
    new_year: "元旦", spring_festival: "春节", tomb_sweeping: "清明节", labour_day: "劳动节", dragon_boat: "端午节", mid_autumn: "中秋节", national_day: "国庆节",
  },
  en: {
    title: "Holidays", text: "Due times of claims and make-up parts are counted by the days off and make-up working days that the State Council announces. A change counts from now on.", open_text: "Days off and make-up working days of a new year",
    gap: "No holiday calendar for {year} yet", gap_text: "Until then its days count as Monday to Friday, and screens say so. Enter the State Council's notice below once it is published.",
    load: "Enter a new year", notice: "The whole notice", notice_hint: "Copy the yearly notice of the State Council's General Office from gov.cn, in Chinese, and paste all of it.", why_paste: "Paste the notice first", why_unread: "No year and days off were found; paste the whole notice", why_wrong: "Correct the day named above first",
    year: "{year}", from_to: "{from} to {to}, {n} {n|day|days}", makeup: "Make-up working days", and: ", ", save: "Checked, put into force", shipped: "Came with the product", loaded: "Entered here, revision {n}",
    new_year: "New Year", spring_festival: "Spring Festival", tomb_sweeping: "Tomb-Sweeping Day", labour_day: "Labour Day", dragon_boat: "Dragon Boat Festival", mid_autumn: "Mid-Autumn Festival", national_day: "National Day",
  },
};
