import type { ProblemSlug, UnixMillis } from "@tcm/core";
import { recordAudit } from "../audit/record-audit.ts";
import { timestamp } from "../operations/actor.ts";
import type { Queries } from "../store/store.ts";
import { countTry } from "./sign-in-limit.ts";
import { findUserByName } from "./user-row.ts";

/** In a window of the limit, by everybody together: guesses do not fill the record, and the last one says that more came. */
export const maxRecorded = 200;

export type RefusedSignIn = {
  readonly name: string;
  readonly address?: string;
  readonly outcome: ProblemSlug;
};

/** That somebody was not let in. A name that nobody has is not recorded: people type their password there. */
export async function recordRefusedSignIn(
  queries: Queries,
  now: UnixMillis,
  { name, address, outcome }: RefusedSignIn,
): Promise<void> {
  const turn = await countTry(queries, "refused sign-ins on the record", now, maxRecorded);
  if (turn.endsAt !== undefined) return;
  const user = await findUserByName(queries, name);
  const subject = {
    ...(user === undefined ? { user: "unknown" } : { userId: user.id, name: user.name }),
    ...(address !== undefined && { address }),
    ...(turn.count === maxRecorded && { more: "not recorded for up to 15 minutes" }),
  };
  await recordAudit(queries, { at: timestamp(now), by: "nobody", action: "REFUSE_SIGN_IN", subject, outcome });
}
