import { resolve } from "node:path";
import { writeBackup } from "./backup/write-backup.ts";
import { readOptions, UsageError } from "./command-line.ts";
import { explainFailure } from "./explain-failure.ts";
import { operatorKeyOfEnvironment } from "./keys/given-operator-key.ts";
import { existingOperatorKey } from "./keys/operator-key.ts";
import { openSigningKeys } from "./keys/signing-keys.ts";
import { timestamp } from "./operations/actor.ts";
import { refuseOtherVersions } from "./store/migrate.ts";
import { openExistingStore } from "./store/open-store.ts";

const options = { data: { type: "string" }, file: { type: "string" }, database: { type: "string" } } as const;

/** Writes an archive of an existing store, whether a control plane is using it or not, and prints one line of JSON about it. */
async function main(): Promise<void> {
  const { data, file, database } = readOptions(options, process.argv.slice(2));
  if (data === undefined) throw new UsageError("--data DIR is missing.");
  if (file === undefined) throw new UsageError("--file FILE is missing.");
  const store = await openExistingStore(data, database ?? process.env["TCM_DATABASE"], refuseOtherVersions);
  try {
    const operatorKey = existingOperatorKey(data, operatorKeyOfEnvironment(process.env));
    // An archive under a key that opens nothing in it could never be restored.
    await openSigningKeys(store, operatorKey, Date.now);
    const report = await writeBackup(store, operatorKey.derive("backup"), resolve(file), timestamp(Date.now()));
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    await store.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`tcm: ${explainFailure(error)}\n`);
  process.exitCode = 2;
});
