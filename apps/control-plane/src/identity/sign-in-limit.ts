import { addressGroup, type UnixMillis } from "@tcm/core";
import { timestamp } from "../operations/actor.ts";
import { type Refusal, refuse } from "../operations/refuse.ts";
import { type Queries, type Store, transaction } from "../store/store.ts";

const windowMs = 15 * 60_000;
/** Of an account from one address: a person mistypes a few times; a guess a minute and a half finds nothing. */
const maxOfPerson = 10;
/** Of an account from everywhere: guesses from many addresses end, and one address alone cannot lock its holder out. */
const maxOfAccount = 100;
/** Several people may share an address. */
const maxOfAddress = 50;

export type SignInSource = { readonly name: string; readonly address: string };

/**
 * Counts a try before it is looked at, so that many at the same time are not all let through. In the database: what one control
 * plane has refused, another does not allow. Accounts that do not exist count as well, or they would show.
 */
export async function refuseSignIn(
  store: Pick<Store, "transaction">,
  source: SignInSource,
  now: UnixMillis,
): Promise<Refusal | undefined> {
  return transaction(store, async (queries) => {
    for (const { key, most, whose } of counters(source)) {
      const { endsAt } = await countTry(queries, key, now, most);
      if (endsAt !== undefined) return refuseTry(whose, endsAt);
    }
    return undefined;
  });
}

/** In the order in which they refuse. */
function counters(source: SignInSource) {
  return [
    { key: addressKey(source), most: maxOfAddress, whose: "from this address" },
    { key: personKey(source), most: maxOfPerson, whose: "of this account from here" },
    { key: accountKey(source), most: maxOfAccount, whose: "of this account" },
  ];
}

function refuseTry(whose: string, endsAt: string): Refusal {
  return refuse("sign-in-limit-reached", `Too many sign-ins ${whose} were refused. Try again after ${endsAt}.`, {
    contextInfo: { retryAfter: endsAt },
  });
}

/**
 * Who has signed in starts anew from there. The address and the account only get that try back, or a good sign-in would pay for
 * guesses at others, or from elsewhere.
 */
export async function forgetTries(queries: Queries, source: SignInSource): Promise<void> {
  await queries.deleteFrom("sign_in_attempts").where("source", "=", personKey(source)).execute();
  await queries
    .updateTable("sign_in_attempts")
    .set((eb) => ({ count: eb("count", "-", 1) }))
    .where("source", "in", [addressKey(source), accountKey(source)])
    .where("count", ">", 0)
    .execute();
}

/** Which one of its window it is, and until when there is none beyond; `endsAt` is undefined for those that may be. */
export type Counted = { readonly count: number; readonly endsAt: string | undefined };

export async function countTry(queries: Queries, source: string, now: UnixMillis, most: number): Promise<Counted> {
  const at = timestamp(now);
  await queries.deleteFrom("sign_in_attempts").where("ends_at", "<=", at).execute();
  const row = await queries.selectFrom("sign_in_attempts").selectAll().where("source", "=", source).executeTakeFirst();
  if (row === undefined) {
    await queries
      .insertInto("sign_in_attempts")
      .values({ source, count: 1, ends_at: timestamp(now + windowMs) })
      .execute();
    return { count: 1, endsAt: undefined };
  }
  if (row.count >= most) return { count: row.count, endsAt: row.ends_at };
  await queries
    .updateTable("sign_in_attempts")
    .set({ count: row.count + 1 })
    .where("source", "=", source)
    .execute();
  return { count: row.count + 1, endsAt: undefined };
}

function accountKey({ name }: SignInSource): string {
  return `account ${name}`;
}

function personKey({ name, address }: SignInSource): string {
  return `account ${name} from ${addressGroup(address)}`;
}

function addressKey({ address }: SignInSource): string {
  return `address ${addressGroup(address)}`;
}
