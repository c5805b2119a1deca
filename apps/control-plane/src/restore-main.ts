import { resolve } from "node:path";
import { verifyArchive } from "./backup/archive.ts";
import { restoreBackup } from "./backup/restore-backup.ts";
import { readOptions, UsageError } from "./command-line.ts";
import { explainFailure } from "./explain-failure.ts";
import { operatorKeyOfEnvironment } from "./keys/given-operator-key.ts";
import { existingOperatorKey } from "./keys/operator-key.ts";
import { openStore } from "./store/open-store.ts";

const options = { data: { type: "string" }, file: { type: "string" }, database: { type: "string" } } as const;

// As under the control plane: the store is nobody else's to read, whatever the directory allows.
process.umask(0o077);

/** Fills an empty store from an archive, and prints one line of JSON about it. */
async function main(): Promise<void> {
  const { data, file: name, database } = readOptions(options, process.argv.slice(2));
  if (data === undefined) throw new UsageError("--data DIR is missing.");
  if (name === undefined) throw new UsageError("--file FILE is missing.");
  const operatorKey = existingOperatorKey(data, operatorKeyOfEnvironment(process.env));
  const [file, key] = [resolve(name), operatorKey.derive("backup")];
  await verifyArchive(file, key);
  const store = await openStore(data, database ?? process.env["TCM_DATABASE"]);
  try {
    const report = await restoreBackup(store, { file, operatorKey, key, now: Date.now() });
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    await store.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`tcm: ${explainFailure(error)}\n`);
  process.exitCode = 2;
});
