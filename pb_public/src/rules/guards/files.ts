// Guards of files and their merges 并档 (V-05), and of what an asset is known by (V-07). Twins of internal/flow/guards_files.go.
import type { Facts } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, text } from "./common.ts";

/** Nothing new begins on a file that another one holds, or on a car that is scrapped; the sentence names the kept file. */
export function fileOpen(f: Facts): Refused | null {
  for (const field of ["vehicle", "customer"] as const) {
    const file = f.files?.[field];
    if (file?.into) return new Refused("file.folded", field, { kept: file.into });
    if (file?.status === "scrapped") return new Refused("file.scrapped", field);
  }
  return null;
}

export function mergeOfTwo(f: Facts): Refused | null {
  const kept = text(f.after, "kept");
  return kept === "" || kept === text(f.after, "folded") ? new Refused("merge.same", "folded") : null;
}

/** A file is folded once, into a file that stands alone, and holds none itself: no chains, no circles. */
export function mergeUnchained(f: Facts): Refused | null {
  const [id, kept, folded] = [text(f.after, "id"), text(f.after, "kept"), text(f.after, "folded")];
  for (const m of f.files?.merges ?? []) {
    if (m.id === id) continue;
    if (m.folded === folded) return new Refused("merge.folded_already", "folded", { kept: m.kept_name });
    if (m.folded === kept) return new Refused("merge.kept_folded", "kept", { kept: m.kept_name });
    if (m.kept === folded) return new Refused("merge.holds_others", "folded", { name: m.kept_name });
  }
  return null;
}

export function mergeExplained(f: Facts): Refused | null {
  return blank(text(f.after, "reason")) ? new Refused("merge.unexplained", "reason") : null;
}

/** A device is known by its model and by serial or label number, goods by their name and by order or batch number (V-07). */
export function assetIdentified(f: Facts): Refused | null {
  const goods = text(f.after, "kind") === "goods";
  for (const names of goods ? [["name"], ["order_number", "batch_number"]] : [["model", "brand"], ["serial", "label"]]) {
    if (names.every((name) => blank(text(f.after, name)))) return new Refused("asset.unidentified", names[0]!, { missing: [`asset.${names[0]!}`] });
  }
  return null;
}
