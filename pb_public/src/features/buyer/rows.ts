// Rows of the wire as the timeline and the lists of the customer's page read them.
import type { Around as CourseAround, ClaimCourse } from "../../rules/claim-timeline.ts";
import type { Row } from "./keep.ts";
import type { ClaimCase } from "./steps.ts";

/** A claim with everything around it that the page looks at. */
export type Around = ClaimCase & { refunds: Row[]; items: Row[]; messages: Row[] };

/** A claim as its course is told by. */
export const course = (row: Row): ClaimCourse => row as unknown as ClaimCourse;

const places = ["whole", "close", "label", "packaging", "invoice"];

/** Photos in the order in which they are asked for, those of the arrival after them. */
export const bySlot = (a: Row, b: Row): number => (places.indexOf(String(a.slot)) + 1 || places.length + 1) - (places.indexOf(String(b.slot)) + 1 || places.length + 1);

/** What stands around it, for its timeline. */
export const aroundOf = (c: Around): CourseAround => c as unknown as CourseAround;
