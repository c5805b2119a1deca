import { type AuditHead, type AuditVerdict, verifyAudit } from "./audit/verify-audit.ts";
import { openAuditKey } from "./audit/audit-key.ts";
import { readHeadFile } from "./audit/head-file.ts";
import { readOptions, UsageError } from "./command-line.ts";
import { explainFailure } from "./explain-failure.ts";
import { operatorKeyOfEnvironment } from "./keys/given-operator-key.ts";
import { existingOperatorKey } from "./keys/operator-key.ts";
import { openExistingStore } from "./store/open-store.ts";

const options = { data: { type: "string" }, head: { type: "string" }, database: { type: "string" } } as const;

/**
 * Verifies the audit record of an existing store, whether a control plane is using it or not, and prints what it found as one
 * line of JSON. The heads of its file in the data directory, and `--head NUMBER:HASH` from a log or a copy of that file, show records
 * that were taken away together with their signed heads.
 * Exit code 0: intact; 1: not.
 */
async function main(): Promise<void> {
  const { data, head, database } = readOptions(options, process.argv.slice(2));
  if (data === undefined) throw new UsageError("--data DIR is missing.");
  const witnessed = head === undefined ? [] : [readHead(head)];
  const store = await openExistingStore(data, database ?? process.env["TCM_DATABASE"]);
  try {
    const key = await openAuditKey(store, existingOperatorKey(data, operatorKeyOfEnvironment(process.env)));
    print(await verifyAudit(store.db, key, witnessed, readHeadFile(data, key)));
  } finally {
    await store.close();
  }
}

function readHead(text: string): AuditHead {
  const [, number, hash] = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (number === undefined || hash === undefined)
    throw new UsageError("--head takes NUMBER:HASH as the log shows them under auditHead.");
  return { number: Number(number), hash };
}

function print({ head, faults }: AuditVerdict): void {
  process.stdout.write(`${JSON.stringify({ intact: faults.length === 0, head: head ?? null, faults })}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`tcm: ${explainFailure(error)}\n`);
  process.exitCode = 2;
});
