// What the lounge's screen gets, and in which columns it stands. Pure.

export interface LoungeCar {
  plate: string;
  stage: "reception" | "waiting" | "working" | "quality" | "ready";
  promised_at: string;
  late: boolean;
}

export interface LoungeBoard {
  shop: string;
  time_zone: string;
  now: string;
  cars: LoungeCar[];
}

export const stages: LoungeCar["stage"][] = ["reception", "waiting", "working", "quality", "ready"];

/** Each stage with its cars, in the server's order: by promised time. */
export function columnsOf(cars: LoungeCar[]): { stage: LoungeCar["stage"]; cars: LoungeCar[] }[] {
  return stages.map((stage) => ({ stage, cars: cars.filter((c) => c.stage === stage) }));
}
