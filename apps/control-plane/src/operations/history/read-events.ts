import type { ControlPlaneEvent } from "@tcm/api-contract";
import type { Queries } from "../../store/store.ts";

export type NumberedEvent = { readonly id: number; readonly event: ControlPlaneEvent };

const maxAtOnce = 200;

/** Events after a number, oldest first; some of them when there are many. */
export async function eventsAfter(queries: Queries, after: number): Promise<readonly NumberedEvent[]> {
  const rows = await queries
    .selectFrom("events")
    .selectAll()
    .where("id", ">", after)
    .orderBy("id")
    .limit(maxAtOnce)
    .execute();
  // Written by `recordEvent` from a value of this type.
  return rows.map(({ id, type, data }) => ({ id, event: { type, ...JSON.parse(data) } as ControlPlaneEvent }));
}

/** Where a stream begins: behind what its reader has seen, or now. A number that is not kept, or never was given, resets. */
export async function findPosition(queries: Queries, seen: number | undefined): Promise<NumberedEvent> {
  const { newest } = await queries
    .selectFrom("events")
    .select(({ fn }) => fn.max("id").as("newest"))
    .executeTakeFirstOrThrow();
  // Alarms are kept for longer: what came after one may be gone.
  const { oldest } = await queries
    .selectFrom("events")
    .select(({ fn }) => fn.min("id").as("oldest"))
    .where("type", "<>", "alarm")
    .executeTakeFirstOrThrow();
  const last = newest ?? 0;
  if (seen === undefined) return { id: last, event: { type: "ready" } };
  const isKept = seen <= last && seen >= (oldest ?? last) - 1;
  return isKept ? { id: seen, event: { type: "ready" } } : { id: last, event: { type: "reset" } };
}
