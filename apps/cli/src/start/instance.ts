import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentMain } from "@tcm/agent";
import { consoleDirectory } from "@tcm/console";
import { controlPlaneMain } from "@tcm/control-plane";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import { reservePorts } from "./reserve-ports.ts";
import type { Ports, StartOptions } from "./start-options.ts";
import { type ProcessDescription, type ReadyMessage, SupervisedProcess } from "./supervised-process.ts";

export type Addresses = {
  /** Of the HTTP API, from this machine. */
  readonly api: string;
  /** Of the console and the HTTP API, for everybody. */
  readonly publicUrl: string;
  /** The CA that clients of the API trust, where it made its own certificate. */
  readonly caFile: string | undefined;
  /** Makes the first administrator, once; for nobody but the person who started it. Undefined when there is one. */
  readonly signInLink: string | undefined;
  /** Undefined without edges. */
  readonly edges: { readonly staging: string; readonly production: string } | undefined;
};

/** A control plane and two edges, or none, each a process of its own, kept running together. */
export type Instance = {
  /** Resolves when all of them answer. Rejects with the words of the one that cannot; call `stop` then too. */
  start(): Promise<Addresses>;
  /** Ends all of them; resolves when they have ended. */
  stop(): Promise<void>;
};

export function createInstance(options: StartOptions, say: (text: string) => void): Instance {
  const processes: SupervisedProcess[] = [];
  let isStopping = false;
  const run = (
    name: string,
    main: URL,
    args: readonly string[],
    own: Pick<ProcessDescription, "environment" | "drainMs"> = {},
  ): Promise<ReadyMessage> => {
    if (isStopping) throw new CommandFailure(exitCode.refused, `${name} was not started: everything is being stopped.`);
    const process = new SupervisedProcess(
      { name, main, args, ...own, logFile: join(options.data, "logs", `${name}.log`) },
      say,
    );
    processes.push(process);
    return process.firstReady;
  };
  return {
    async start() {
      const ports = await reservePorts(options.ports, options.edges);
      prepareDirectory(options.data);
      say("starting the control plane\n");
      const controlPlane = await run("control-plane", controlPlaneMain, controlPlaneArgs(options, ports), {
        environment: options.secrets,
        drainMs: options.drainMs,
      });
      const started = { ...readAddress(controlPlane), edges: undefined };
      if (!options.edges) return started;
      say("starting the staging and the production edge\n");
      const edge = (network: "staging" | "production", identity: string): Promise<ReadyMessage> =>
        run(`${network}-edge`, agentMain, agentArgs(options, network, identity, ports[network]));
      const identities = identityFiles(controlPlane);
      await Promise.all([edge("staging", identities.STAGING), edge("production", identities.PRODUCTION)]);
      return {
        ...started,
        edges: {
          staging: `https://127.0.0.1:${ports.staging}`,
          production: `https://127.0.0.1:${ports.production}`,
        },
      };
    },
    // The control plane last: an edge that loses it would warn of that.
    stop: async () => {
      isStopping = true;
      const [controlPlane, ...edges] = processes;
      await Promise.all(edges.map((edge) => edge.stop()));
      await controlPlane?.stop();
    },
  };
}

function controlPlaneArgs({ data, edges, controlPlane }: StartOptions, ports: Ports): readonly string[] {
  const listening = ["--port", String(ports.api), "--node-port", String(ports.node)];
  const pages = ["--console", fileURLToPath(consoleDirectory)];
  return ["--data", data, ...listening, ...(edges ? [] : ["--no-local-nodes"]), ...pages, ...controlPlane];
}

function agentArgs(
  { data, upstreams, serverCertificate }: StartOptions,
  network: "staging" | "production",
  identity: string,
  port: number,
): readonly string[] {
  return [
    "--identity",
    identity,
    "--data",
    join(data, "edges", network),
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--local-ca",
    join(data, "local-ca"),
    ...(serverCertificate === undefined
      ? []
      : ["--server-certificate", serverCertificate.certificate, "--server-key", serverCertificate.key]),
    ...upstreams.flatMap((upstream) => ["--upstream", upstream]),
  ];
}

function readAddress({ url, localUrl, caFile, signInLink }: ReadyMessage): Omit<Addresses, "edges"> {
  if (typeof url !== "string" || typeof localUrl !== "string")
    throw new Error("the control plane did not say where it listens");
  return { api: localUrl, publicUrl: url, caFile: textOf(caFile), signInLink: textOf(signInLink) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function identityFiles({ identities }: ReadyMessage): { readonly STAGING: string; readonly PRODUCTION: string } {
  const files = identities as Partial<Record<string, unknown>> | undefined;
  const { STAGING, PRODUCTION } = files ?? {};
  if (typeof STAGING === "string" && typeof PRODUCTION === "string") return { STAGING, PRODUCTION };
  throw new Error("the control plane named no identities for its edges");
}

/** Step by step: where the file system has no directories of ours, such as /proc, Node's own recursion never ends. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** Ours alone: the keys of nodes and of the local CA are in it. */
function prepareDirectory(data: string): void {
  try {
    makeDirectory(join(data, "logs"));
    accessSync(join(data, "logs"), constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === "EACCES"
        ? "no permission"
        : code === "ENOENT"
          ? "no directory can be made there"
          : code === "ENOTDIR" || code === "EEXIST"
            ? "it is a file"
            : code;
    throw new CommandFailure(exitCode.usage, `The data directory ${data} cannot be used: ${reason}.`, { cause });
  }
}
