import { afterEach, beforeEach, expect, test } from "vitest";
import { close, open, row } from "../features/order/testing/day.ts";
import { sealedConsent } from "../rules/testing/sealed.ts";
import { newId } from "./ids.ts";
import { knownSeal, sealOf } from "./seals.ts";
import type { Rows } from "./types.gen.ts";

let consent: Rows["consents"];
let key: [string, string];

beforeEach(async () => {
  await open();
  const { good, keys } = await sealedConsent();
  consent = { ...good, id: newId(), version: 1 } as unknown as Rows["consents"];
  key = Object.entries(keys)[0]!;
});
afterEach(close);

const pin = () => row("seal_keys", { id: `k${key[0]}`.slice(0, 15), key: key[0], public: key[1] });

test("S-03 a seal that was checked is at hand at once, as long as the consent says the same", async () => {
  await pin();
  expect(knownSeal(consent)).toBeNull();
  expect(await sealOf(consent)).toBe("good");
  expect(knownSeal({ ...consent })).toBe("good");
  const altered = { ...consent, signer_name: "王芳" };
  expect(knownSeal(altered)).toBeNull();
  expect(await sealOf(altered)).toBe("broken");
});

test("S-03 a seal whose key was not at hand is looked at again when it is", async () => {
  expect(await sealOf(consent)).toBe("strange");
  expect(knownSeal(consent)).toBeNull();
  await pin();
  expect(await sealOf(consent)).toBe("good");
});

test("S-03 O-02 what one person's tablet has found is not taken over for the next", async () => {
  await pin();
  expect(await sealOf(consent)).toBe("good");
  close();
  await open();
  expect(knownSeal(consent)).toBeNull();
});
