// The shop's own guarantee, cars that come back, what they teach, and claims on the manufacturer.
export default {
  zh: {
    warranty: "质量保证", warranty_labour: "工时", warranty_parts: "配件", warranty_until: "至 {day}", warranty_until_km: "至 {day} 或 {km}", warranty_over: "已过保", warranty_none: "不保", warranty_policy: "出厂 {day}，先到者为准",
  },
  en: {
    warranty: "Warranty", warranty_labour: "Labour", warranty_parts: "Parts", warranty_until: "until {day}", warranty_until_km: "until {day} or {km}", warranty_over: "ended", warranty_none: "none", warranty_policy: "From {day}, whichever comes first",
  },
};
