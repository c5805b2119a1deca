import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { SqliteAdapter, type SqliteDatabase, SqliteDialect } from "kysely";

/**
 * SQLite changes tables in transactions as it does rows, which Kysely does not count on: a migration that dies halfway leaves
 * nothing behind, and two processes never both run it.
 */
export class NodeSqliteDialect extends SqliteDialect {
  /** `onError` is told what any statement throws. */
  constructor(database: DatabaseSync, onError: (error: unknown) => void = () => undefined) {
    super({ database: adaptSqlite(database, onError) });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** node:sqlite with the few methods that Kysely's SQLite dialect calls. */
function adaptSqlite(database: DatabaseSync, onError: (error: unknown) => void): SqliteDatabase {
  const statements = new Map<string, StatementSync>();
  const watched = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      onError(error);
      throw error;
    }
  };
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = watched(() => database.prepare(sql));
      // Queries with lists of varying length would fill it without end.
      if (statements.size < maxPreparedStatements) statements.set(sql, statement);
    }
    return statement;
  };
  return {
    close: () => database.close(),
    prepare: (sql) => {
      // Every transaction of ours writes: take the write lock first, or two processes can each wait for the other.
      const statement = prepare(sql === "begin" ? "begin immediate" : sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => watched(() => statement.all(...(parameters as SQLInputValue[]))),
        run: (parameters) => {
          // A full disk has ended the transaction already, and its own words say more than a second error would.
          if (sql === "rollback" && !database.isTransaction) return { changes: 0, lastInsertRowid: 0 };
          const { changes, lastInsertRowid } = watched(() => statement.run(...(parameters as SQLInputValue[])));
          return { changes, lastInsertRowid };
        },
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
      };
    },
  };
}

const maxPreparedStatements = 500;
