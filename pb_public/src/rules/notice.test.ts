import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkYear, shippedYears } from "./calendar.ts";
import { readNotice } from "./notice.ts";

// The notices as they were published, their addressees and closings left out.
const notices: Record<number, string> = {
  2024: `国务院办公厅关于2024年部分节假日安排的通知
国办发明电〔2023〕7号
经国务院批准，现将2024年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。`,
  2025: `国务院办公厅关于2025年部分节假日安排的通知
国办发明电〔2024〕12号
按照上述原则，现将2025年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。`,
  2026: `国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。`,
};

describe("the State Council's notice, as it is published", () => {
  test.each(shippedYears)("L-16 the notice for $year gives the calendar that is shipped", (shipped) => {
    const read = readNotice(notices[shipped.year]!);
    expect(read).toMatchObject({ year: shipped.year, days_off: shipped.days_off, makeup_days: shipped.makeup_days });
    expect(shipped.source.startsWith(read!.source)).toBe(true);
  });

  test("L-16 a notice pasted as one paragraph is the same", () => {
    const { days_off, makeup_days } = shippedYears.find((y) => y.year === 2026)!;
    expect(readNotice(notices[2026]!.replace("\n国办", "国办").replace(/\n/g, ""))).toMatchObject({ year: 2026, days_off, makeup_days });
  });

  test("L-16 New Year that begins in the December before, its years said or not", () => {
    const span = { name: "元旦", from: "2022-12-31", to: "2023-01-02" };
    expect(readNotice("关于2023年部分节假日安排\n一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。")).toMatchObject({ year: 2023, days_off: [span] });
    expect(readNotice("关于2023年部分节假日安排\n一、元旦：12月31日至1月2日放假调休，共3天。")).toMatchObject({ days_off: [span] });
    expect(readNotice("关于2012年部分节假日安排\n一、元旦：2012年1月1日至3日放假调休，共3天。2011年12月31日（星期六）上班。")).toMatchObject({ days_off: [{ from: "2012-01-01", to: "2012-01-03" }], makeup_days: ["2011-12-31"] });
  });

  test("L-16 what is no notice is none", () => {
    for (const text of ["", "10月1日放假", "2027年", "2027年一切照旧。", "二〇二七年\n一、元旦：1月1日放假"]) expect(readNotice(text), text).toBeNull();
  });

  test("L-16 no text breaks the reader, and what it reads can be judged", () => {
    const bits = fc.constantFrom("2027年", "关于", "一、", "元旦", "：", ":", "1月", "31日", "13月", "至", "放假", "。", "上班", "（", "）", "\n", "、", "12月", "0日", "99日");
    fc.assert(fc.property(fc.array(fc.oneof(bits, fc.string()), { maxLength: 60 }), (parts) => {
      const read = readNotice(parts.join(""));
      if (read) checkYear(read);
      return read === null || read.days_off.length > 0;
    }));
  });
});
