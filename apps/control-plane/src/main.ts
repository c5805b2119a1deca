import { pino } from "pino";
import { readOptions, UsageError, wholeNumber } from "./command-line.ts";
import { openControlPlane } from "./control-plane.ts";
import { identityFlags, identityHelp, readIdentityFlags } from "./identity-flags.ts";
import { type Limits, parseLimits } from "./operations/limits.ts";
import { StoreError } from "./store/store-error.ts";

const help = `Usage: main.ts --data DIR [--port N] [--node-port N]

The control plane: HTTP API and node port, on loopback unless told otherwise. "tcm start" starts it with two edges.

  --data DIR                data directory, made when missing
  --port N                  HTTP API (7300)
  --node-port N             nodes connect here (7301)
  --database URL            PostgreSQL instead of the store in the data directory; also TCM_DATABASE
  --no-local-nodes          enrols no edges of its own: nodes of other machines or control planes alone
  --deployment-deadline N   seconds after which a deployment ends though nodes are behind (600)
  --drain N                 seconds for which it still serves after SIGTERM, /readyz at 503, for load balancers to see (1)
  --limits NAME=N,...       caSets (200), versionsPerCaSet (100), certificatesPerVersion (300), requestsPerMinute (12000)
  --console DIR             the built console, served beside the API
${identityHelp}`;

const options = {
  data: { type: "string" },
  port: { type: "string" },
  "node-port": { type: "string" },
  database: { type: "string" },
  "no-local-nodes": { type: "boolean" },
  "deployment-deadline": { type: "string" },
  drain: { type: "string" },
  console: { type: "string" },
  limits: { type: "string" },
  ...identityFlags,
  help: { type: "boolean" },
} as const;

const heartbeatIntervalMs = 5_000;

// Keys, credentials and the store are nobody else's to read, whatever the directory allows.
process.umask(0o077);

async function main(): Promise<void> {
  const given = readOptions(options, process.argv.slice(2));
  if (given.help === true) {
    process.stdout.write(help);
    return;
  }
  if (given.data === undefined) throw new UsageError("--data DIR is missing. See --help.");
  const log = pino(
    { name: "control-plane", redact: ["req.headers.authorization"] },
    pino.destination({ fd: 2, sync: true }),
  );
  const deadline = given["deployment-deadline"] ?? process.env["TCM_DEPLOYMENT_DEADLINE"] ?? "600";
  // The parent may go while everything is still being opened.
  const orphaned = Promise.withResolvers<void>();
  process.on("disconnect", () => orphaned.resolve());
  const controlPlane = await openControlPlane({
    directory: given.data,
    database: given.database ?? process.env["TCM_DATABASE"],
    operatorKey: process.env["TCM_OPERATOR_KEY"],
    localNodes: given["no-local-nodes"] !== true,
    port: wholeNumber("port", given.port ?? "7300", 0, 65_535),
    nodePort: wholeNumber("node-port", given["node-port"] ?? "7301", 0, 65_535),
    clock: Date.now,
    log,
    deploymentDeadlineMs: wholeNumber("deployment-deadline", deadline, 1, 86_400) * 1_000,
    heartbeatIntervalMs,
    drainMs: wholeNumber("drain", given.drain ?? process.env["TCM_DRAIN"] ?? "1", 0, 3_600) * 1_000,
    consoleDirectory: given.console,
    limits: readLimits(given.limits ?? process.env["TCM_LIMITS"] ?? ""),
    ...readIdentityFlags(given, process.env),
  });
  const { url, localUrl, nodeUrl, identities, caFile, signInLink } = controlPlane;
  log.info({ url, nodeUrl }, "ready");
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, "stopping");
    controlPlane.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "stopped badly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  // The parent has gone, however it died: nobody is left to stop this process.
  void orphaned.promise.then(() => stop("parent gone"));
  // Never into the log: who reads it must not become the administrator.
  if (signInLink !== undefined && !process.connected)
    process.stdout.write(`Make the first administrator within 15 minutes: ${signInLink}\n`);
  const ready = { type: "ready", url, localUrl, nodeUrl, identities, caFile, signInLink };
  process.send?.(ready, undefined, undefined, (error) => {
    if (error !== null) stop("parent gone");
  });
}

function readLimits(text: string): Limits {
  const limits = parseLimits(text);
  if (limits === undefined) throw new UsageError(`--limits takes NAME=N,... within bounds, not "${text}". See --help.`);
  return limits;
}

/** What a person can mend is said in one sentence; anything else is a bug and shows its stack. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof StoreError) return error.message;
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code === "EADDRINUSE") return `Port ${port} is in use by another process. Stop that one, or choose another port.`;
  if (code === "EACCES" && port !== undefined)
    return `Port ${port} needs more rights than this process has. Choose one above 1023.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`tcm: ${explain(error)}\n`);
  process.exit(2);
});
