// The secret of the signed order webhook (internal/sales/DESIGN.md): seen and made at the server alone, never kept on the tablet.
import { Refused } from "../../db/index.ts";
import { session } from "../../db/session.svelte.ts";
import { request } from "../../sync/http.ts";

/** The door as the server tells it; `secret` only in the answer that made it. */
export interface Door {
  path: string;
  /** UTC as stored, "" while there is no secret. */
  made_at: string;
  made_by?: string;
  secret?: string;
}

async function ask(method: "GET" | "POST" | "DELETE"): Promise<Door> {
  const answer = await request(method, `/api/orders/webhook/${session.user?.shop ?? ""}/secret`, { token: session.token });
  if (answer.kind === "ok") return answer.body as Door;
  const code = answer.kind === "fault" ? Object.values(answer.data)[0]?.code : undefined;
  throw new Refused(code ?? "access.offline");
}

/** When and by whom the present secret was made. Throws Refused when the server says no or is out of reach, as the others do. */
export const theDoor = (): Promise<Door> => ask("GET");

/** A new secret, in this answer only; the one before ends at once. */
export const newSecret = (): Promise<Door> => ask("POST");

/** No secret: every call is refused. */
export async function shutDoor(): Promise<void> {
  await ask("DELETE");
}
