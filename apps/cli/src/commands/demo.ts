import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Command } from "commander";
import { apiClient } from "../client/api-client.ts";
import { type Connection, findConnection } from "../client/connection.ts";
import type { CommandContext } from "../command-context.ts";
import { DemoReport } from "../demo/demo-report.ts";
import { count } from "../output/count.ts";
import { exitCode } from "../output/exit-code.ts";
import { styled, type Terminal } from "../output/terminal.ts";
import { dataDirectory } from "../start/start-options.ts";
import { whenAskedToStop } from "../start/when-asked-to-stop.ts";
import { addServerOptions, type ServerOptions } from "./server-command.ts";

type DemoOptions = ServerOptions & { readonly serverCa?: string; readonly data?: string };

export function addDemo(program: Command, context: CommandContext): void {
  const command = program
    .command("demo")
    .summary("walk the whole journey with real handshakes")
    .description(
      "Mints a small PKI and walks the whole journey with real TLS handshakes: on a running instance where TCM_URL or TCM_TOKEN is set, else on a temporary one that is removed afterwards.",
    )
    .option("--data <dir>", "data directory of the running instance, for its local CA (default: TCM_DATA, else ./.tcm)")
    .option("--server-ca <file>", "CA of the edges' server certificates (default: DATA/local-ca/ca.pem)");
  addServerOptions(command)
    .addHelpText("after", "\nExamples:\n  tcm demo\n  TCM_TOKEN=… tcm demo --data ./.tcm")
    .addHelpText("after", "\nExit code 0: every expectation held. 1: one did not.")
    .action((options: DemoOptions) => demo(options, context));
}

async function demo(options: DemoOptions, context: CommandContext): Promise<void> {
  const { terminal, environment, now } = context;
  const named = [options.url, options.token, environment["TCM_URL"], environment["TCM_TOKEN"]];
  if (named.some((value) => value !== undefined && value !== "")) {
    const data = dataDirectory(options.data, environment);
    const serverCaFile = options.serverCa ?? join(data, "local-ca", "ca.pem");
    await runDemo(findConnection(options, environment), serverCaFile, options, context);
    return;
  }
  if (!options.json) terminal.out("Starting a temporary instance: a control plane, a staging and a production edge.\n");
  const { openTemporaryInstance } = await import("../demo/temporary-instance.ts");
  const startedAt = now();
  // Ctrl-C must not leave anything of the temporary instance behind.
  const stop = whenAskedToStop();
  const instance = await openTemporaryInstance(() => undefined);
  try {
    if (!options.json) terminal.out(`It is ready at ${instance.connection.url} after ${now() - startedAt} ms.\n`);
    const run = runDemo(instance.connection, instance.serverCaFile, options, context);
    await Promise.race([run, stop.asked]);
  } finally {
    await instance.end();
    stop.forget();
  }
}

async function runDemo(
  connection: Connection,
  serverCaFile: string,
  { json }: DemoOptions,
  { terminal, now, endWith }: CommandContext,
): Promise<void> {
  const [{ findEdges }, { mintDemoPki }, { walkJourney }] = await Promise.all([
    import("../demo/find-edges.ts"),
    import("../demo/demo-pki.ts"),
    import("../demo/walk-journey.ts"),
  ]);
  const client = apiClient(connection);
  const edges = await findEdges(client, serverCaFile, now);
  const report = new DemoReport(json ? undefined : terminal, now);
  const name = `demo-${randomBytes(3).toString("hex")}`;
  const pki = mintDemoPki(Math.floor(now() / 1000));
  const startedAt = now();
  try {
    await walkJourney({ client, edges, pki, report, now, caSetName: name, hostname: `${name}.example` });
  } catch (error) {
    report.check("the step could be carried out", false, error instanceof Error ? error.message : String(error));
  }
  const result = { ok: report.ok, steps: report.steps };
  terminal.out(json ? `${JSON.stringify(result, null, 2)}\n` : renderVerdict(report, now() - startedAt, terminal));
  endWith(report.ok ? exitCode.done : exitCode.refused);
}

function renderVerdict({ steps }: DemoReport, tookMs: number, terminal: Terminal): string {
  const checks = steps.flatMap((step) => step.checks);
  const failed = checks.filter(({ held }) => !held).length;
  const seconds = `${(tookMs / 1000).toFixed(1)} s`;
  if (failed === 0) return `\n${styled(terminal, "green", `All ${checks.length} expectations held`)}, in ${seconds}.\n`;
  return `\n${styled(terminal, "red", `${count(failed, "expectation")} of ${checks.length} did not hold`)}, in ${seconds}.\n`;
}
