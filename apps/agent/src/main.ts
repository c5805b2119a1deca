import { nodeCrypto } from "@tcm/node-crypto";
import { pino } from "pino";
import { type Agent, startAgent } from "./agent.ts";
import { agentTiming } from "./agent-timing.ts";
import { type CommandLine, help, readCommandLine } from "./command-line.ts";
import { enrolCommand } from "./enrolment/enrol-command.ts";
import { readIdentity } from "./identity/read-identity.ts";
import { writeIdentity } from "./identity/write-identity.ts";
import { openEdge } from "./open-edge.ts";
import { StartError } from "./start-error.ts";

/** As many as one `hello` reports. */
const maxEntries = 2_000;
/** Longer than the edge gives requests in flight. */
const stopTimeoutMs = 10_000;
/** Of the log, kept while it cannot be written. */
const maxUnwrittenBytes = 1024 * 1024;

const log = pino(
  {
    base: { name: "agent", pid: process.pid },
    redact: ["privateKey", "*.privateKey", "secret", "*.secret"],
  },
  logDestination(),
);
let agent: Agent | undefined;
let isStopping = false;

/** A log that cannot be written, on a disk that is full or to a reader that has gone, stops nothing. */
function logDestination() {
  return pino.destination({ fd: 2, sync: true, maxLength: maxUnwrittenBytes }).on("error", () => undefined);
}

// Keys, credentials and the store are nobody else's to read, whatever the directory allows.
process.umask(0o077);

async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === "enrol") return enrolCommand(rest, (text) => process.stdout.write(text));
  const options = readCommandLine(process.argv.slice(2));
  if (options === undefined) return void process.stdout.write(help, () => process.exit(0));
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  // The parent has gone, however it died: nobody is left to stop this process.
  process.on("disconnect", () => stop("the parent has gone"));
  agent = await start(options);
  const { address } = agent;
  log.info({ address }, "ready");
  process.send?.({ type: "ready", address });
}

function start(options: CommandLine): Promise<Agent> {
  const identity = readIdentity(options.identity);
  const surroundings = { crypto: nodeCrypto, clock: Date.now, log };
  return startAgent({
    ...surroundings,
    identity,
    saveIdentity: (renewed) => writeIdentity(options.identity, renewed),
    dataDirectory: options.data,
    openEngine: (onHandshake) => openEdge(options, { ...surroundings, network: identity.network, onHandshake }),
    random: Math.random,
    timing: agentTiming,
    maxEntries,
  });
}

/** Before it is ready there is nothing to close: what is on disk is whole at any moment. */
function stop(reason: string): void {
  if (isStopping) return;
  isStopping = true;
  log.info({ reason }, "stopping");
  if (agent === undefined) process.exit(0);
  setTimeout(() => process.exit(1), stopTimeoutMs).unref();
  agent.close().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, "stopped badly");
      process.exit(1);
    },
  );
}

/** What a person can mend is said in one sentence; anything else is a bug and shows its stack. */
main().catch((error: unknown) => {
  const text = error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`tcm: ${text}\n`);
  process.exit(2);
});
