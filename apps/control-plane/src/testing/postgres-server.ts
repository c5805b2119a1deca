import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createTemporaryDirectory, freePorts, removeDirectory } from "@tcm/testkit";
import { Client } from "pg";

const versionsDirectory = "/usr/lib/postgresql";

/** Where Debian keeps the programs of the newest server that is installed; undefined when there is none. */
function programs(): string | undefined {
  if (!existsSync(versionsDirectory)) return undefined;
  const newest = readdirSync(versionsDirectory)
    .map(Number)
    .sort((a, b) => b - a)[0];
  const directory = join(versionsDirectory, String(newest), "bin");
  return existsSync(join(directory, "initdb")) ? directory : undefined;
}

/**
 * Why suites on PostgreSQL cannot run here; undefined when they can. In CI they have to.
 */
export function postgresMissing(): string | undefined {
  if (programs() !== undefined) return undefined;
  const reason = `no PostgreSQL server in ${versionsDirectory}: install the package "postgresql"`;
  if (process.env["CI"]) throw new Error(reason);
  return reason;
}

/** A PostgreSQL server of its own on loopback, on a temporary directory, that can be killed and started again. */
export class PostgresServer {
  readonly port: number;
  readonly #directory: string;
  #process: ChildProcess | undefined;

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.port = port;
  }

  /** `directory`: an empty one, or one of such a server that was stopped. */
  static async start(directory = createTemporaryDirectory()): Promise<PostgresServer> {
    const [port = 0] = await freePorts(1);
    const server = new PostgresServer(directory, port);
    if (existsSync(join(directory, "data", "PG_VERSION"))) {
      await server.start();
      return server;
    }
    const owner = ownerIds();
    // The server refuses to run as root.
    if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
    const args = ["-D", join(directory, "data"), "-U", "tcm", "--auth=trust", "--no-sync", "--locale=C.UTF-8"];
    execFileSync(join(programs() ?? "", "initdb"), args, { stdio: "pipe", cwd: directory, ...owner });
    await server.start();
    return server;
  }

  /**
   * A standby of this one, with all that it has by now and what comes. `isSynchronous`: what this one acknowledges from now on is on
   * the disk of both.
   */
  async startStandby(isSynchronous: boolean): Promise<PostgresServer> {
    const [directory, [port = 0]] = [createTemporaryDirectory(), await freePorts(1)];
    const standby = new PostgresServer(directory, port);
    const owner = ownerIds();
    if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
    const source = `host=127.0.0.1 port=${this.port} user=tcm application_name=${standbyName}`;
    const args = [
      "-D",
      join(directory, "data"),
      "-d",
      source,
      "--write-recovery-conf",
      "--checkpoint=fast",
      "--no-sync",
    ];
    execFileSync(join(programs() ?? "", "pg_basebackup"), args, { stdio: "pipe", cwd: directory, ...owner });
    await standby.start();
    if (isSynchronous)
      await this.run(`ALTER SYSTEM SET synchronous_standby_names = '${standbyName}'`, "SELECT pg_reload_conf()");
    return standby;
  }

  /** Makes a standby a server of its own; resolves when it takes writes. */
  async promote(): Promise<void> {
    await this.run("SELECT pg_promote(true)");
  }

  run(...statements: readonly string[]): Promise<void> {
    return this.runIn("postgres", ...statements);
  }

  async runIn(database: string, ...statements: readonly string[]): Promise<void> {
    const client = new Client({ connectionString: this.url(database) });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  async start(): Promise<void> {
    const args = ["-D", join(this.#directory, "data"), "-p", String(this.port), "-k", this.#directory];
    const settings = ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"];
    this.#process = spawn(join(programs() ?? "", "postgres"), [...args, ...settings], {
      stdio: "ignore",
      cwd: this.#directory,
      ...ownerIds(),
    });
    for (let attempt = 0; !(await this.#answers()); attempt++) {
      if (attempt === maxAttempts) throw new Error("the PostgreSQL server did not start");
      await delay(50);
    }
  }

  url(database = "postgres"): string {
    return `postgres://tcm@127.0.0.1:${this.port}/${database}`;
  }

  /** Rows of a table, or of a part of it. */
  async count(from: string): Promise<number> {
    const client = new Client({ connectionString: this.url() });
    await client.connect();
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${from}`);
    await client.end();
    return Number(rows[0]?.count);
  }

  /** An empty database; answers its URL. */
  async createDatabase(name: string): Promise<string> {
    await this.run(`CREATE DATABASE "${name}"`);
    return this.url(name);
  }

  /** SIGQUIT is an immediate shutdown: what a crash leaves behind. SIGKILL leaves it to its children to notice. */
  async stop(signal: "SIGINT" | "SIGQUIT" | "SIGKILL" = "SIGINT"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop("SIGQUIT");
    removeDirectory(this.#directory);
  }

  async #answers(): Promise<boolean> {
    const client = new Client({ connectionString: this.url() });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const standbyName = "standby";
/** A tenth of a second where there is nothing else to do; after a crash, and on a busy machine, it takes many seconds. */
const maxAttempts = 2_400;

function ownerIds(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
