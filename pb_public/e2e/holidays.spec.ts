import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";

// The calendar of a year that nobody has published yet: the manager pastes the State Council's notice, offline.
const { office, open } = useHouse(970);

const notice = `国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（农历正月初六、周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。`;

test("L-16 the manager enters the next year's holidays from its notice, offline", async ({ browser }) => {
  const tablet = await open(browser);
  await tablet.signIn("gao");
  await tablet.installed();
  await tablet.offline();
  await tablet.go("/holidays");
  const { page } = tablet;
  await expect(page.getByTestId("holidays-2026")).toContainText("国办发明电〔2025〕7号");
  await page.getByTestId("holidays-notice").fill(notice.replace("2月20日", "2月19日"));
  await expect(page.getByText(/2027-02-19/)).toBeVisible(); // a Friday is worked anyway
  await expect(page.getByTestId("holidays-save")).toBeDisabled();
  await page.getByTestId("holidays-notice").fill(notice);
  await expect(page.getByTestId("holidays-read")).toContainText("春节");
  await tablet.tap("holidays-save");
  await expect(page.getByTestId("holidays-2027")).toContainText("国办发明电〔2026〕9号");
  await expect(page.getByTestId("holidays-notice")).toHaveValue("");
  expect(await office.rows("holidays")).toEqual([]);
  await tablet.online();
  await tablet.drained();
  expect(await office.rows("holidays")).toMatchObject([{ year: 2027, revision: 1, active: true, makeup_days: ["2027-01-31", "2027-02-20"],
    days_off: [{ name: "元旦", from: "2027-01-01", to: "2027-01-03" }, { name: "春节", from: "2027-02-05", to: "2027-02-11" }] }]);
  expect(tablet.errors).toEqual([]);
});
