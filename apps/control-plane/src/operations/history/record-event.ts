import type { RecordedEvent } from "@tcm/api-contract";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";

/** Minutes of a busy installation: who was away for longer reads everything again. */
const eventsKept = 10_000;
/** Who was not there when hostnames were opened is told afterwards. */
export const alarmsKeptMs = 7 * 86_400_000;
/** Deleting a few thousand now and then is cheaper than one each time. */
const prunedEvery = 1_000;

/** Appends to what watchers are told, in the transaction of what has happened. */
export async function recordEvent(queries: Queries, event: RecordedEvent, at: string): Promise<void> {
  const { type, ...data } = event;
  const { id } = await queries
    .insertInto("events")
    .values({ type, data: JSON.stringify(data), at })
    .returning("id")
    .executeTakeFirstOrThrow();
  if (id % prunedEvery === 0)
    await queries
      .deleteFrom("events")
      .where("id", "<=", id - eventsKept)
      .where((eb) => eb.or([eb("type", "<>", "alarm"), eb("at", "<", timestamp(Date.parse(at) - alarmsKeptMs))]))
      .execute();
}
