import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { isTooNew, pendingMigrations } from "../store/migrate.ts";
import type { Store } from "../store/store.ts";
import type { StoreIntegrity } from "../store/store-integrity.ts";
import type { Check, Checks } from "./readiness.ts";

export type CheckedParts = {
  readonly context: Pick<DeploymentContext, "store" | "validation">;
  readonly nodePort: { isListening(): boolean };
};

/** What this process needs to serve as it should. */
export function readinessChecks({ context: { store, validation }, nodePort }: CheckedParts): Checks {
  return {
    storeReadable: storeReadable(store),
    storeWritable: storeWritable(store),
    ...(store.integrity !== undefined && { storeIntact: storeIntact(store.integrity) }),
    migrations: migrationsDone(store),
    tables: usesTables(store),
    // Only a server can be set up otherwise while we run.
    ...(store.failover !== undefined && { durability: commitsAreDurable(store) }),
    validation: validationAnswers(validation),
    nodePort: { holds: async () => nodePort.isListening(), otherwise: "The port for nodes does not listen." },
  };
}

function storeReadable({ db }: Store): Check {
  return {
    holds: async () => (await db.selectFrom("meta").select("key").limit(1).execute()).length >= 0,
    otherwise: "The store does not answer.",
  };
}

/** Durable like any other write. The value is another one each time: SQLite writes nothing where nothing changes. */
function storeWritable({ db }: Store): Check {
  return {
    holds: async () => {
      const value = randomUUID();
      await db
        .insertInto("meta")
        .values({ key: "readiness", value })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
        .execute();
      return true;
    },
    otherwise: "The store cannot be written.",
  };
}

/** No request has met damage, and the look at every page has found none. */
function storeIntact(integrity: StoreIntegrity): Check {
  return {
    holds: async () => integrity.damage === undefined,
    otherwise: "The store is damaged.",
    remark: () => {
      if (integrity.isLooking) return "Every page of the store is being looked at.";
      return integrity.failure === undefined ? undefined : "The pages of the store could not be looked at.";
    },
  };
}

function migrationsDone({ db }: Store): Check {
  return {
    holds: async () => (await pendingMigrations(db)).length === 0,
    otherwise: "The tables of the store are older than this program.",
  };
}

function usesTables({ db }: Store): Check {
  return {
    holds: async () => !(await isTooNew(db)),
    otherwise: "A newer version has changed the tables of the store, and this one cannot use them any more.",
  };
}

/** Asked for at the start as well; an administrator of the server may have turned it off since. */
function commitsAreDurable({ db }: Store): Check {
  return {
    holds: async () => {
      const settings = sql<{ durable: boolean }>`
        SELECT current_setting('synchronous_commit') <> 'off' AND current_setting('fsync') = 'on' AS durable`;
      return (await settings.execute(db)).rows[0]?.durable === true;
    },
    otherwise: "The database acknowledges commits that are not on disk (fsync or synchronous_commit is off).",
  };
}

/** One that works is alive: what takes too long is ended, and the next question starts it anew. */
function validationAnswers(validation: DeploymentContext["validation"]): Check {
  return {
    holds: async () => validation.load().isBusy || (await validation.ask({ task: "trust", members: [] })) !== undefined,
    otherwise: "The validation thread does not answer.",
  };
}
