// The link of the lounge's board. Making one needs the server: the old one ends with it.
import { Refused } from "../../db/index.ts";
import { session } from "../../db/session.svelte.ts";
import { request } from "../../sync/http.ts";

/** A new link's token; throws Refused when the server says no or is out of reach. */
export async function makeLoungeLink(): Promise<string> {
  const answer = await request("POST", "/api/boards/lounge", { token: session.token });
  if (answer.kind === "ok") return (answer.body as { token: string }).token;
  const code = answer.kind === "fault" ? Object.values(answer.data)[0]?.code : undefined;
  throw new Refused(code ?? "access.offline");
}
