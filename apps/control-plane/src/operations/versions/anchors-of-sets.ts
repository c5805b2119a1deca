import type { Queries } from "../../store/store.ts";

/** By id of the set, the anchors of those asked about that are in a version of it; a set that does not exist has no line. */
export type SetAnchors = ReadonlyMap<string, ReadonlySet<string>>;

/** SQLite takes 32,766 values in one statement. */
const asksAtOnce = 5_000;

/** Which of these anchors any version of their set has, deleted versions and sets included until they are removed. */
export async function anchorsOfSets(
  queries: Queries,
  asked: readonly { readonly caSetId: string; readonly anchor: string }[],
): Promise<SetAnchors> {
  const bySet = Map.groupBy(asked, ({ caSetId }) => Number(caSetId));
  const known = new Map<string, ReadonlySet<string>>();
  for (const id of await existing(queries, [...bySet.keys()])) {
    const anchors = [...new Set((bySet.get(id) ?? []).map(({ anchor }) => anchor).filter((anchor) => anchor !== ""))];
    known.set(String(id), await members(queries, id, anchors));
  }
  return known;
}

async function existing(queries: Queries, ids: readonly number[]): Promise<readonly number[]> {
  const rows: number[] = [];
  for (let from = 0; from < ids.length; from += asksAtOnce) {
    const part = ids.slice(from, from + asksAtOnce);
    const found = await queries.selectFrom("ca_sets").select("id").where("id", "in", part).execute();
    rows.push(...found.map(({ id }) => id));
  }
  return rows;
}

async function members(queries: Queries, id: number, anchors: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let from = 0; from < anchors.length; from += asksAtOnce) {
    const rows = await queries
      .selectFrom("certificate_texts as text")
      .select("text.fingerprint")
      .distinct()
      .where("text.fingerprint", "in", anchors.slice(from, from + asksAtOnce))
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom("ca_set_version_members as member")
            .select("member.text_id")
            .whereRef("member.text_id", "=", "text.id")
            .where("member.ca_set_id", "=", id),
        ),
      )
      .execute();
    for (const { fingerprint } of rows) found.add(fingerprint);
  }
  return found;
}
