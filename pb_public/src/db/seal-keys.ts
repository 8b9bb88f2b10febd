// The server's public keys that this tablet trusts (S-03). The first that come with the shop's rows are pinned; later ones only
// when a pinned key hands over to them, so that nobody who reaches the shop's rows can bring a key of their own.
import { trust, type Keys, type PublicKey } from "../rules/seal.ts";
import { theStore } from "./store.ts";

export async function pinnedKeys(): Promise<Keys> {
  const store = theStore();
  const [rows, pinned] = await Promise.all([store.rows("seal_keys").toArray(), store.get("seal_keys")]);
  const offered = rows as unknown as PublicKey[], before = pinned ?? {};
  if (offered.every((k) => before[k.key] === k.public)) return before;
  const now = Object.keys(before).length ? await trust(before, offered).catch(() => before) : Object.fromEntries(offered.map((k) => [k.key, k.public]));
  if (Object.keys(now).length !== Object.keys(before).length) await store.set("seal_keys", now);
  return now;
}
