import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import {
  type ActivationView,
  activation,
  apiBasePath,
  caSet,
  problemBody,
  problemTypePrefix,
  version,
} from "@tcm/api-contract";
import { createTemporaryDirectory, freePorts, removeDirectory } from "@tcm/testkit";
import { mustRun } from "./run-command.ts";

const repository = resolve(import.meta.dirname, "../..");
const tcm = join(repository, "apps/cli/src/main.ts");
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** A schema of the contract. */
type Schema<T> = { parse(value: unknown): T };

export type NetworkName = "STAGING" | "PRODUCTION";

/** The whole product as a user starts it: control plane and two edges as processes, driven through its own doors. */
export class Instance {
  readonly directory: string;
  readonly ports: {
    readonly api: number;
    readonly node: number;
    readonly staging: number;
    readonly production: number;
  };
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;
  #token = "";
  stderr = "";

  private constructor(directory: string, ports: readonly number[], env: Readonly<Record<string, string>>) {
    const [api = 0, node = 0, staging = 0, production = 0] = ports;
    this.directory = directory;
    this.ports = { api, node, staging, production };
    this.#env = env;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<Instance> {
    const instance = new Instance(createTemporaryDirectory(), await freePorts(4), env);
    await instance.start();
    instance.#token = (await instance.tcm("token", "create", "--role", "admin", "--data", instance.directory)).trim();
    return instance;
  }

  /** Resolves with the ready line. */
  async start(): Promise<string> {
    const { api, node, staging, production } = this.ports;
    const ports = ["--port", api, "--node-port", node, "--staging-port", staging, "--production-port", production];
    const child = spawn(process.execPath, [tcm, "start", "--data", this.directory, ...ports.map(String)], {
      env: { ...process.env, ...this.#env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    child.stderr.on("data", (chunk: Buffer) => (this.stderr += chunk.toString("utf8")));
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith("ready")) return line;
    throw new Error(`the product did not start:\n${this.stderr}`);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, "close");
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    removeDirectory(this.directory);
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.api}`;
  }

  get serverCaFile(): string {
    return join(this.directory, "local-ca", "ca.pem");
  }

  port(network: NetworkName): number {
    return network === "STAGING" ? this.ports.staging : this.ports.production;
  }

  /** What a command prints; throws when it fails. */
  tcm(...args: readonly string[]): Promise<string> {
    const env = { ...this.#env, TCM_URL: this.url, TCM_TOKEN: this.#token, TCM_DATA: this.directory };
    return mustRun(process.execPath, [tcm, ...args], { env, timeoutMs: 300_000 });
  }

  /** `token`: of who asks; without, the administrator that every instance has. */
  async request(method: string, path: string, body?: unknown, token = this.#token): Promise<Answer> {
    const response = await fetch(`${this.url}${apiBasePath}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith("{") ? (JSON.parse(text) as unknown) : text,
    };
  }

  /** The body by its schema; fails with the whole answer when the status is another one. */
  async ask<T>(schema: Schema<T>, status: number, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request(method, path, body);
    if (answer.status === status) return schema.parse(answer.body);
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  /** The code of a refusal. */
  async refusal(status: number, method: string, path: string, body?: unknown): Promise<string> {
    const { type } = await this.ask(problemBody, status, method, path, body);
    return type.slice(problemTypePrefix.length);
  }

  /** A set with one version of these certificates; answers its id. */
  async createSet(name: string, pems: readonly string[], options: Record<string, boolean> = {}): Promise<string> {
    const { caSetId } = await this.ask(caSet, 201, "POST", "/ca-sets", { caSetName: name });
    await this.createVersion(caSetId, pems, options);
    return caSetId;
  }

  async createVersion(
    caSetId: string,
    pems: readonly string[],
    options: Record<string, boolean> = {},
  ): Promise<number> {
    const certificates = pems.map((certificatePem) => ({ certificatePem }));
    const created = await this.ask(version, 201, "POST", `/ca-sets/${caSetId}/versions`, { ...options, certificates });
    return created.version;
  }

  /** Begins an activation and answers its link without the base. */
  async activate(caSetId: string, number: number, network: NetworkName): Promise<string> {
    const path = `/ca-sets/${caSetId}/versions/${number}/activate`;
    return (await this.ask(activation, 202, "POST", path, { network })).activationLink.slice(apiBasePath.length);
  }

  /** The activation once it has ended. */
  async ended(link: string, deadlineMs = 120_000): Promise<ActivationView> {
    return poll(deadlineMs, `the end of ${link}`, async () => {
      const { status, body } = await this.request("GET", link);
      return status === 200 ? activation.parse(body) : undefined;
    });
  }

  async deploy(caSetId: string, number: number, networks: readonly NetworkName[] = ["STAGING", "PRODUCTION"]) {
    for (const network of networks) {
      const ended = await this.ended(await this.activate(caSetId, number, network));
      if (ended.activationStatus !== "COMPLETE") throw new Error(`not deployed: ${JSON.stringify(ended)}`);
    }
  }

  /** Process ids by what they run, from the process table. */
  processIds(): { readonly controlPlane: number; readonly staging: number; readonly production: number } {
    const supervisor = this.#process?.pid ?? 0;
    const children = readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, "utf8")
      .trim()
      .split(" ")
      .map(Number);
    const find = (part: string): number => {
      const found = children.find((id) => readFileSync(`/proc/${id}/cmdline`, "utf8").includes(part));
      if (found === undefined) throw new Error(`no process of ${part} among ${children.join(", ")}`);
      return found;
    };
    return {
      controlPlane: find("control-plane/src/main.ts"),
      staging: find("edges/staging"),
      production: find("edges/production"),
    };
  }
}

/** Asks until there is an answer. */
export async function poll<T>(deadlineMs: number, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what} did not come within ${deadlineMs} ms`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
