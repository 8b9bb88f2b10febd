// Teams 班组 of a workshop (W-01): a shop where nobody has one is a single team. Pure but for the act that gives somebody a team.
import { act } from "../../db/index.ts";
import type { OrderCase } from "../order/load.ts";
import { isActive, techniciansOf, type Staff } from "../order/model.ts";

/** The names of the teams there are, in their order; one name or none is a shop of one team. */
export function teamsOf(people: Iterable<Pick<Staff, "team" | "roles" | "active">>): string[] {
  const names = [...people].filter((p) => p.active !== false && p.roles?.some((r) => r === "technician" || r === "leader")).map((p) => p.team || "");
  return [...new Set(names.filter(Boolean))].sort((a, b) => a.localeCompare(b, "zh"));
}

/** People by team: the own one first, who has none last; inside a team they stay in their order. */
export function inTeams<P extends Pick<Staff, "team">>(people: readonly P[], own = ""): P[] {
  const rank = (team: string): number => (team === "" ? 2 : team === own ? 0 : 1);
  return [...people].sort((a, b) => rank(a.team || "") - rank(b.team || "") || (a.team || "").localeCompare(b.team || "", "zh"));
}

/** Whether a car is a team's: somebody of the team works on it, or it waits for a team still. */
export function ofTeam(c: OrderCase, team: string, people: ReadonlyMap<string, Staff>): boolean {
  const hands = c.jobs.filter(isActive).flatMap(techniciansOf);
  return hands.length === 0 || hands.some((id) => people.get(id)?.team === team);
}

export async function giveTeam(person: Pick<Staff, "id">, team: string): Promise<void> {
  await act("staff.team", (w) => w.patch("staff", person.id, { team: team.trim() }));
}
