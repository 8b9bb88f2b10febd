import { describe, expect, test } from "vitest";
import { scanned, vinIn } from "./scanned";
import { normalVin, vinCheckDigit, vinWarning } from "./vin";

describe("V-06 VIN", () => {
  test.each(["1M8GDM9AXKP042788", "11111111111111111", "LSVCC2A47LN012345"])("V-06 %s: its check digit is the one it asks for", (vin) => {
    expect(vinWarning(vin.slice(0, 8) + vinCheckDigit(vin) + vin.slice(9))).toBeNull();
  });
  test("V-06 the published example with X as its check digit", () => {
    expect(vinCheckDigit("1M8GDM9AXKP042788")).toBe("X");
    expect(vinWarning("1M8GDM9AXKP042788")).toBeNull();
  });
  test("V-06 one changed character is noticed", () => {
    expect(vinWarning("1M8GDM9AXKP042789")).toBe("check");
    expect(vinWarning("1M8GDM9A1KP042788")).toBe("check");
  });
  test("V-06 I, O, Q and signs are pointed out before the length", () => {
    expect(vinWarning("1M8GDM9AXKPO42788")).toBe("letters");
    expect(vinWarning("IOQ")).toBe("letters");
    expect(vinWarning("1M8GDM9AXKP04278")).toBe("length");
  });
  test("V-06 nothing typed is no warning; blanks, dashes and full-width letters do not matter", () => {
    expect(vinWarning("")).toBeNull();
    expect(normalVin(" １ｍ8g-dm9a xkp042788")).toBe("1M8GDM9AXKP042788");
  });
});

test("V-06 a scanned sticker or licence gives the VIN, else the plate, in whatever stands around it", () => {
  expect(vinIn("ILSVAA4182E2123456")).toBe("LSVAA4182E2123456");
  expect(vinIn("https://x.cn/c?vin=lsvaa4182e2123456&m=1")).toBe("LSVAA4182E2123456");
  expect(vinIn("690123456789012345678")).toBe("");
  expect(["LSVAA4182E2123456", "号牌号码 沪A·8K359 小型轿车", "沪AD12345", " 6901234567892 "].map(scanned)).toEqual(["LSVAA4182E2123456", "沪A8K359", "沪AD12345", "6901234567892"]);
});
