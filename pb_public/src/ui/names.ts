// The names of what icons.svg holds: icons (ic-*) and the shapes of states (st-*).
export type IconName =
  | "flash" | "album" | "day" | "recv" | "job" | "board" | "file" | "more" | "find" | "back"
  | "next" | "down" | "cam" | "arrow" | "circle" | "text" | "undo" | "redo" | "bin" | "ruler"
  | "tick" | "x" | "plus" | "phone" | "pen" | "clock" | "key" | "lock" | "truck" | "box"
  | "msg" | "scan" | "seal" | "eye" | "tyre" | "doc" | "swap" | "bell" | "user" | "quality"
  | "globe" | "sun" | "moon" | "auto" | "save" | "upload" | "minus" | "erase" | "tablet" | "battery" | "yuan";
export type StateKind =
  | "good" | "attention" | "bad" | "hold" | "unseen" | "now" | "local" | "sending" | "stored" | "offline";

/** What a chip offers. */
export interface ChipOption<V extends string | number> {
  value: V;
  label: string;
  icon?: IconName;
  state?: StateKind;
  note?: string;
}
