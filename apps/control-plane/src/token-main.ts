import { type Role, roles } from "@tcm/api-contract";
import { readOptions, UsageError } from "./command-line.ts";
import { explainFailure } from "./explain-failure.ts";
import { issueTokenAtStore } from "./identity/api-tokens.ts";
import { openExistingStore } from "./store/open-store.ts";

const options = { data: { type: "string" }, role: { type: "string" }, database: { type: "string" } } as const;

// Keys, credentials and the store are nobody else's to read, whatever the directory allows.
process.umask(0o077);

/** Makes a token in an existing store, whether a control plane is using it or not, and prints only the token. */
async function main(): Promise<void> {
  const { data, role, database } = readOptions(options, process.argv.slice(2));
  if (data === undefined) throw new UsageError("--data DIR is missing.");
  if (!isRole(role)) throw new UsageError(`--role takes one of ${roles.join(", ")}.`);
  const store = await openExistingStore(data, database ?? process.env["TCM_DATABASE"]);
  try {
    const wish = { name: "tcm token create", role };
    const { token } = await issueTokenAtStore({ store, clock: Date.now }, "tcm token create", wish);
    process.stdout.write(`${token}\n`);
  } finally {
    await store.close();
  }
}

function isRole(text: string | undefined): text is Role {
  return (roles as readonly (string | undefined)[]).includes(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`tcm: ${explainFailure(error)}\n`);
  process.exitCode = 2;
});
