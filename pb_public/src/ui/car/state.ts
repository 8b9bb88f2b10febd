// What the car drawing shows on a zone, and what it shows as a mark. Shape says the same as colour.

/** `plain`: the zone has no question of its own here. */
export type ZoneState = "plain" | "unseen" | "good" | "attention" | "bad";

/** A damage mark of this inspection. x and y are 0–1 of the view. `number` is what people say: "mark 2". */
export interface DrawnMark {
  id: string;
  x: number;
  y: number;
  number: number;
  result: "attention" | "bad";
  name: string; // for those who cannot see it
}

/** A mark of the vehicle's last visit, for comparison. */
export interface EarlierMark {
  id: string;
  x: number;
  y: number;
  name: string;
}
