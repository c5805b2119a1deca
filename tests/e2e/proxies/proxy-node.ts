import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createTemporaryDirectory, freePorts, removeDirectory, type TestCertificate } from "@tcm/testkit";
import { type Instance, poll } from "../instance.ts";
import { Program } from "./child-process.ts";
import { enrolNode } from "./enrolled-node.ts";

const agentMain = resolve(import.meta.dirname, "../../../apps/agent/src/main.ts");

export type ProxyKind = {
  readonly nodeId: string;
  readonly engine: "haproxy" | "nginx";
  readonly program: string;
  /** HAProxy runs as master and workers, so that it can be reloaded. */
  readonly isMasterWorker: boolean;
};

export type ProxyNodeOptions = {
  readonly instance: Instance;
  readonly kind: ProxyKind;
  readonly caSetId: string;
  readonly serverCertificate: TestCertificate;
  /** The printed configuration before it is written. */
  readonly configure?: (text: string) => string;
  /** Called with the directory of everything, before anything runs. */
  readonly prepare?: (directory: string) => void;
  /** More options for `tcm edge config`. */
  readonly options?: readonly string[];
};

/** A proxy and the agent beside it, set up as the documentation says: what `tcm edge config` prints, and an enrolled node. */
export class ProxyNode {
  readonly kind: ProxyKind;
  readonly directory: string;
  readonly port: number;
  readonly agent: Program;
  readonly proxy: Program;

  private constructor(kind: ProxyKind, directory: string, port: number) {
    this.kind = kind;
    this.directory = directory;
    this.port = port;
    this.agent = new Program(process.execPath, [agentMain, "--config", join(directory, "agent.json")]);
    const nginx = ["-c", join(directory, "nginx.conf"), "-g", "daemon off;"];
    const master = kind.isMasterWorker ? ["-W", "-S", this.masterSocket] : [];
    const haproxy = [...master, "-f", join(directory, "haproxy.cfg")];
    this.proxy = new Program(kind.program, kind.engine === "nginx" ? nginx : haproxy);
  }

  static async start(options: ProxyNodeOptions): Promise<ProxyNode> {
    const [port = 0] = await freePorts(1);
    const node = new ProxyNode(options.kind, createTemporaryDirectory(), port);
    try {
      options.prepare?.(node.directory);
      await node.#configure(options);
      await node.#firstStart();
    } catch (error) {
      await node.remove();
      throw new Error(`${options.kind.nodeId}: ${node.agent.output}\n${node.proxy.output}`, { cause: error });
    }
    return node;
  }

  get configurationPath(): string {
    return join(this.directory, this.kind.engine === "nginx" ? "nginx.conf" : "haproxy.cfg");
  }

  get masterSocket(): string {
    return join(this.directory, "master.sock");
  }

  get trustDirectory(): string {
    return join(this.directory, "trust");
  }

  /** Again and again, as its unit does: it ends with a sentence as long as there is no proxy. */
  async startAgent(): Promise<void> {
    const before = this.agent.output.length;
    const isReady = () => this.agent.output.slice(before).includes('"msg":"ready"');
    this.agent.start();
    await poll(120_000, "the agent", async () => {
      if (!this.agent.isRunning) this.agent.start();
      return isReady() || undefined;
    });
  }

  /** Master and workers, as a power cut would. */
  async killProxy(): Promise<void> {
    const children = readFileSync(`/proc/${this.proxy.pid}/task/${this.proxy.pid}/children`, "utf8").trim().split(" ");
    await Promise.all([
      this.proxy.stop("SIGKILL"),
      ...children.filter(Boolean).map(async (pid) => process.kill(Number(pid), "SIGKILL")),
    ]);
  }

  async remove(): Promise<void> {
    await this.agent.stop("SIGKILL");
    await this.proxy.stop();
    removeDirectory(this.directory);
  }

  async #configure({ instance, kind, caSetId, serverCertificate, configure, options = [] }: ProxyNodeOptions) {
    const { directory, port } = this;
    const serverFile = join(directory, "server.pem");
    writeFileSync(serverFile, serverCertificate.pem + serverCertificate.privateKeyPem);
    const files = ["--certificate", serverFile, "--key", serverFile, "--data", directory, "--run", directory];
    const listening = ["--set", caSetId, "--port", String(port), "--grace", "2"];
    const master = kind.isMasterWorker ? ["--master-socket", this.masterSocket] : [];
    const said = ["--configuration", this.configurationPath, "--output", directory, ...master, ...options];
    await instance.tcm("edge", "config", "--engine", kind.engine, ...listening, ...files, ...said);
    const printed = join(directory, kind.engine === "nginx" ? "nginx-tcm.conf" : "haproxy.cfg");
    const text = readFileSync(printed, "utf8");
    writeFileSync(printed, configure?.(text) ?? text);
    if (kind.engine === "nginx") writeFileSync(this.configurationPath, this.#nginxConfiguration(printed));
    await enrolNode(instance, kind, join(directory, "identity.json"));
  }

  #nginxConfiguration(printed: string): string {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => {
      const path = join(this.directory, name);
      mkdirSync(path);
      return `  ${name}_temp_path ${path};\n`;
    });
    return `worker_processes 2;
worker_shutdown_timeout 2s;
pid ${join(this.directory, "nginx.pid")};
error_log ${join(this.directory, "error.log")};
events {}
http {
  access_log off;
${temporary.join("")}  include ${printed};
}
`;
  }

  /** An agent of HAProxy's makes the trust files and ends with a sentence, until HAProxy is there; nginx may come later. */
  async #firstStart(): Promise<void> {
    if (this.kind.engine === "nginx") {
      await this.startAgent();
      this.proxy.start();
      return;
    }
    this.agent.start();
    const code = await this.agent.ended();
    if (code !== 2 || !this.agent.output.includes("HAProxy cannot be driven")) throw new Error(`ended with ${code}`);
    this.proxy.start();
    await this.startAgent();
  }
}
