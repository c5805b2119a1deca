import { join, relative, resolve } from "node:path";
import { shownText } from "@tcm/api-contract";
import type { Command } from "commander";
import { defaultUrl } from "../client/connection.ts";
import type { CommandContext } from "../command-context.ts";
import type { Addresses } from "../start/instance.ts";
import { startFlagOptions } from "../start/read-configuration.ts";
import { whenAskedToStop } from "../start/when-asked-to-stop.ts";
import { defaultData, readStartOptions, type StartFlags, type StartOptions } from "../start/start-options.ts";

export function addStart(program: Command, context: CommandContext): void {
  const command = program
    .command("start")
    .summary("run the control plane and two mTLS edges")
    .description("Runs the control plane, a staging edge and a production edge on loopback, until it is stopped.")
    .option("--config <file>", "settings from a file, YAML or JSON (default: TCM_CONFIG); tcm config check reads it");
  for (const option of startFlagOptions()) command.addOption(option);
  command
    .addHelpText("after", "\nExamples:\n  tcm start\n  tcm start --data /var/lib/tcm --port 9300")
    .addHelpText("after", "  tcm start --upstream shop.example=http://127.0.0.1:8080")
    .addHelpText(
      "after",
      "\nEvery setting is also a variable: TCM_NODE_PORT is --node-port. Flags come first, then variables, then the file.",
    )
    .addHelpText("after", "Secrets come by TCM_OPERATOR_KEY, TCM_OIDC_CLIENT_SECRET or the file, and never by a flag.")
    .addHelpText("after", "\nPort 0 means any free port. One line starting with `ready` says that all of them answer.")
    .action((flags: StartFlags) => start(readStartOptions(flags, context.environment), context));
}

async function start(options: StartOptions, { terminal }: CommandContext): Promise<void> {
  // Loaded here alone: no other command runs processes, and they start faster without.
  const { createInstance } = await import("../start/instance.ts");
  const instance = createInstance(options, terminal.err);
  const stop = whenAskedToStop();
  try {
    const started = await Promise.race([instance.start(), stop.asked]);
    if (started === undefined) return;
    terminal.out(renderReady(started));
    terminal.err(renderHints(options, started));
    await stop.asked;
    terminal.err("stopping\n");
  } finally {
    await instance.stop();
    stop.forget();
  }
}

function renderReady({ api, edges }: Addresses): string {
  if (edges === undefined) return `ready  API ${api}\n`;
  return `ready  API ${api}  staging edge ${edges.staging}  production edge ${edges.production}\n`;
}

function renderHints(
  { data, database }: StartOptions,
  { api, publicUrl, caFile, signInLink, edges }: Addresses,
): string {
  const shown = relative(process.cwd(), data) || ".";
  const directory = shown.startsWith("..") ? data : shown;
  const option = data === resolve(defaultData) ? "" : ` --data ${directory}`;
  const access = [
    `Console:  ${publicUrl}${publicUrl === api ? "" : `  (on this machine: ${api})`}`,
    ...(signInLink === undefined
      ? []
      : [
          "First administrator, once and within 15 minutes: open this link, or use it with npx tcm login --name YOU --link LINK",
          `  ${signInLink}`,
        ]),
    ...(api === defaultUrl ? [] : [`Where tcm finds it:  export TCM_URL=${api}`]),
    ...(caFile === undefined ? [] : [`The CA of its certificate:  export NODE_EXTRA_CA_CERTS=${caFile}`]),
    ...(database === undefined
      ? []
      : [`Where tcm finds the store:  export TCM_DATABASE='${shownText("database", database)}'`]),
    `Token:  npx tcm token create --role admin${option}`,
  ];
  if (edges === undefined) return access.map((line) => `${line}\n`).join("");
  const { port } = new URL(edges.staging);
  return [
    ...access,
    `Try a set once it is on staging, before it is bound to any hostname:`,
    `  curl --cacert ${join(directory, "local-ca", "ca.pem")} --cert client.pem --key client.key \\`,
    `    --resolve ca-set-ID.tcm.internal:${port}:127.0.0.1 https://ca-set-ID.tcm.internal:${port}/`,
    `All of it at once:  npx tcm demo`,
    "",
  ].join("\n");
}
