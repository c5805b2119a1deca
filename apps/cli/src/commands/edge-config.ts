import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { trialHostname } from "@tcm/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { findCaSet, isCaSetId } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { type EngineName, type Guarded, type NodeFiles, renderNodeFiles } from "../edge/node-files.ts";
import { exitCode } from "../output/exit-code.ts";
import { addServerOptions, clientOf, type ServerOptions } from "./server-command.ts";

type ConfigOptions = ServerOptions & {
  readonly engine: EngineName;
  readonly set: readonly string[];
  readonly edgeCertificate: readonly string[];
  readonly hostname?: string;
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  readonly upstream?: string;
  readonly sendCaNames?: true;
  readonly grace?: number;
  readonly data: string;
  readonly run?: string;
  readonly socketGroup?: string;
  readonly masterSocket?: string;
  readonly configuration?: string;
  readonly output?: string;
};

export function addEdgeConfig(edge: Command, context: CommandContext): void {
  const command = edge
    .command("config")
    .summary("print the configuration of a proxy and of its agent")
    .description(
      "Prints what a node is set up with: the proxy's configuration, hardened, and the agent's. A set given by its id needs no server.",
    )
    .addOption(
      new Option("--engine <engine>", "what the node serves with")
        .choices(["haproxy", "nginx", "built-in"])
        .makeOptionMandatory(),
    )
    .option("--set <set...>", "CA sets by name or id: a listener each, on its trial hostname", [])
    .option("--edge-certificate <id...>", "edge certificates: a listener each, on its first hostname", [])
    .option("--hostname <name>", "hostname of the listener, where there is one listener")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <n>", "port of the first listener; each further one has the next", portNumber, 8443)
    .option(
      "--certificate <file>",
      "server certificate with its chain; for HAProxy with its key",
      "/etc/tcm-agent/server.pem",
    )
    .option("--key <file>", "its private key", "/etc/tcm-agent/server.key")
    .option("--upstream <host:port>", "where requests go; without it the listener answers itself")
    .option("--send-ca-names", "tell clients the names of the CAs")
    .option("--grace <seconds>", "how long connections from before a removal may go on", seconds)
    .option("--data <directory>", "of the agent", "/var/lib/tcm-agent")
    .option("--run <directory>", "of the proxy's sockets or process id (default: /run/haproxy, /run)")
    .option("--socket-group <group>", "who may use HAProxy's socket beside its owner: the agent's group")
    .option("--master-socket <file>", "of a HAProxy started with -W -S; before 2.7 larger sets need it")
    .option("--configuration <file>", "where the proxy's configuration will stand")
    .option("--output <directory>", "write the files there instead of printing them");
  addServerOptions(command)
    .addHelpText("after", "\nExamples:\n  tcm edge config --engine haproxy --set partners --upstream 127.0.0.1:8080")
    .addHelpText("after", "  tcm edge config --engine nginx --edge-certificate 3 --host 0.0.0.0 --port 443 --output .")
    .action(async (options: ConfigOptions) => {
      const guarded = await guardedBy(options, context);
      if (options.engine !== "built-in") refuseOtherWords(options, guarded);
      const files = await renderNodeFiles({
        ...options,
        guarded,
        upstream: options.upstream,
        sendsCaNames: options.sendCaNames === true,
        graceSeconds: options.grace,
        run: options.run ?? (options.engine === "haproxy" ? "/run/haproxy" : "/run"),
        configuration: options.configuration,
        socketGroup: options.socketGroup,
        masterSocket: options.masterSocket,
      });
      if (options.output !== undefined) return writeFiles(files, options.output, context);
      context.terminal.out(options.json ? `${JSON.stringify(files, null, 2)}\n` : renderFiles(files));
    });
}

/** A proxy's configuration holds these as they are, also hostnames that a server gave: none may end its line, or begin another directive. */
function refuseOtherWords(options: ConfigOptions, guarded: readonly Guarded[]): void {
  const { host, certificate, key, upstream, data, run, socketGroup } = options;
  const words = [host, certificate, key, upstream, data, run, socketGroup, ...guarded.map((one) => one.serverName)];
  const other = words.find((word) => word !== undefined && !/^[\w.:/@*[\]+,-]+$/.test(word));
  if (other !== undefined) throw usage(`${JSON.stringify(other)} cannot stand in a proxy's configuration.`);
}

async function guardedBy(options: ConfigOptions, context: CommandContext): Promise<readonly Guarded[]> {
  const sets = await Promise.all(options.set.map((set) => guardedSet(set, options, context)));
  const edges = await Promise.all(options.edgeCertificate.map((id) => guardedEdge(id, options, context)));
  const guarded = [...sets, ...edges];
  if (guarded.length === 0 && options.engine !== "built-in") {
    throw usage("Name at least one listener: --set NAME, or --edge-certificate ID.");
  }
  const { hostname } = options;
  if (hostname === undefined) return guarded;
  if (guarded.length !== 1) throw usage("--hostname goes with one listener.");
  return guarded.map(({ entryId }) => ({ entryId, serverName: hostname }));
}

async function guardedSet(set: string, options: ConfigOptions, context: CommandContext): Promise<Guarded> {
  const caSetId = isCaSetId(set) ? set : (await findCaSet(clientOf(options, context), set)).caSetId;
  return { entryId: `ca-set/${caSetId}`, serverName: trialHostname(caSetId) };
}

async function guardedEdge(id: string, options: ConfigOptions, context: CommandContext): Promise<Guarded> {
  if (!/^[1-9][0-9]{0,9}$/.test(id)) throw usage(`"${id}" is no id of an edge certificate.`);
  if (options.hostname !== undefined) return { entryId: `edge-certificate/${id}`, serverName: options.hostname };
  const params = { edgeCertificateId: Number(id) };
  const { hostnames } = await clientOf(options, context).call("getEdgeCertificate", { params });
  // A proof needs a name that can be asked for; a wildcard is none.
  const serverName = (hostnames[0] ?? "").replace(/^\*\./, "tcm-probe.");
  return { entryId: `edge-certificate/${id}`, serverName };
}

function renderFiles({ proxy, agent }: NodeFiles): string {
  const parts = proxy === undefined ? [] : [`${proxy.name}:\n\n${proxy.text}`];
  return [...parts, `agent.json:\n\n${JSON.stringify(agent, null, 2)}\n`].join("\n");
}

/** Files that are there stay: someone may have changed them. */
function writeFiles({ proxy, agent }: NodeFiles, directory: string, { terminal }: CommandContext): void {
  mkdirSync(directory, { recursive: true });
  const files = [
    ...(proxy === undefined ? [] : [proxy]),
    { name: "agent.json", text: `${JSON.stringify(agent, null, 2)}\n` },
  ];
  for (const { name, text } of files) {
    const path = join(directory, name);
    try {
      writeFileSync(path, text, { flag: "wx" });
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw usage(`${path} ${code === "EEXIST" ? "is there already" : `cannot be written (${code})`}.`);
    }
    terminal.out(`${path} written\n`);
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError("a whole number from 1 to 65535 is expected");
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value >= 1 && value <= 300) return value;
  throw new InvalidArgumentError("a whole number from 1 to 300 is expected");
}

function usage(message: string): CommandFailure {
  return new CommandFailure(exitCode.usage, message);
}
