// The devices of the shop as people see them: tablets, each with the people who signed in on it (O-03).
import { act, type Rows } from "../../db";
import { parseTime } from "../../ui/format";

type Device = Rows["devices"];

export interface Tablet {
  /** Id of the installation; of the device where an older app did not tell it. */
  id: string;
  name: string;
  devices: Device[];
  /** Server time of the last contact of anybody on it, "" when there was none. */
  lastSeen: string;
  /** Version of the app at the last contact. */
  app: string;
  /** Nobody may use it any more. */
  revoked: boolean;
}

/** Tablets of staff, the one last seen first, the lost ones at the end. */
export function tabletsOf(devices: Device[]): Tablet[] {
  const groups = new Map<string, Device[]>();
  for (const device of devices) {
    if (device.user_kind === "customers") continue;
    const id = device.tablet || device.id;
    groups.set(id, [...(groups.get(id) ?? []), device]);
  }
  return [...groups].map(([id, group]) => tablet(id, group)).sort((a, b) => Number(a.revoked) - Number(b.revoked) || b.lastSeen.localeCompare(a.lastSeen) || a.id.localeCompare(b.id));
}

function tablet(id: string, group: Device[]): Tablet {
  const devices = [...group].sort((a, b) => b.last_seen.localeCompare(a.last_seen));
  const [last] = devices;
  return {
    id, devices, name: devices.find((d) => d.name)?.name ?? "", lastSeen: last?.last_seen ?? "", app: last?.app ?? "",
    revoked: devices.every((d) => d.revoked),
  };
}

/** Not seen for this long a tablet may be lying somewhere, ms. */
const quietMs = 7 * 24 * 3600_000;

export function longQuiet(t: Tablet, now: number): boolean {
  return !t.revoked && t.lastSeen !== "" && now - parseTime(t.lastSeen) > quietMs;
}

/** Gives a tablet up as lost: everybody's device on it in one act. At its next contact it wipes itself. */
export function revoke(t: Tablet): Promise<void> {
  return act("device.revoke", (w) => t.devices.forEach((d) => w.patch("devices", d.id, { revoked: true })));
}

/** Found again: people may sign in on it. What it held was wiped if it had contact meanwhile. */
export function restore(t: Tablet): Promise<void> {
  return act("device.restore", (w) => t.devices.forEach((d) => w.patch("devices", d.id, { revoked: false })));
}

export function rename(t: Tablet, name: string): Promise<void> {
  return act("device.name", (w) => t.devices.forEach((d) => w.patch("devices", d.id, { name })));
}
