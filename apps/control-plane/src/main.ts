import { pino } from "pino";
import { openControlPlane } from "./control-plane.ts";
import { explainFailure } from "./explain-failure.ts";
import { readSettings, settingsHelp } from "./settings-of-process.ts";

const heartbeatIntervalMs = 5_000;
/** Longer than the slowest write and the last answers take. */
const stopTimeoutMs = 10_000;
/** Of the log, kept while it cannot be written. */
const maxUnwrittenBytes = 1024 * 1024;

// Keys, credentials and the store are nobody else's to read, whatever the directory allows.
process.umask(0o077);

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === "help") {
    process.stdout.write(settingsHelp());
    return;
  }
  const log = pino({ name: "control-plane", redact: ["req.headers.authorization"] }, logDestination());
  // The parent may go while everything is still being opened.
  const orphaned = Promise.withResolvers<void>();
  process.on("disconnect", () => orphaned.resolve());
  const controlPlane = await openControlPlane({
    ...settings,
    clock: Date.now,
    log,
    heartbeatIntervalMs,
  });
  const { url, localUrl, nodeUrl, identities, caFile, signInLink } = controlPlane;
  log.info({ url, nodeUrl }, "ready");
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, "stopping");
    // What is acknowledged is on disk; who starts it again must not find its ports and its directory taken for ever.
    setTimeout(
      () => {
        log.error("stopping took too long");
        process.exit(1);
      },
      (settings.drainMs ?? 0) + stopTimeoutMs,
    ).unref();
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

/** A log that cannot be written, on a disk that is full or to a reader that has gone, stops nothing. */
function logDestination() {
  return pino.destination({ fd: 2, sync: true, maxLength: maxUnwrittenBytes }).on("error", () => undefined);
}

main().catch((error: unknown) => {
  process.stderr.write(`tcm: ${explainFailure(error)}\n`);
  process.exit(2);
});
