import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CommandFailure } from "../command-failure.ts";
import { compileCacheDirectory } from "../compile-cache.ts";
import { exitCode } from "../output/exit-code.ts";
import { duration } from "../output/date.ts";
import { lineBudget } from "./line-budget.ts";
import { type LogFile, openLogFile } from "./log-file.ts";
import { renderLogLine } from "./log-line.ts";
import { readLines } from "./read-lines.ts";

export type ProcessDescription = {
  readonly name: string;
  readonly main: URL;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Beside what it inherits, which holds no secrets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** For which it goes on after it was told to stop, before it begins to end. */
  readonly drainMs?: number;
};

/** What a child says once it serves: `{ type: "ready", … }`. */
export type ReadyMessage = Readonly<Record<string, unknown>>;

const firstBackOffMs = 200;
const longestBackOffMs = 5_000;
/** A child that is not ready by then hangs. One that is slow, on a machine with twenty times the work that it can do, has taken more than half a minute. */
const readyWithinMs = 120_000;
/** A child that has not ended by then, after its drain, is ended. */
const stopWithinMs = 10_000;
/** Deaths before a child was ever ready. One that names its reason (exit code 2) is asked fewer times: a lock or a port of a process that is just ending deserves a second look, a typing error no fifth. */
const maxFirstDeaths = 5;
const maxStatedFailures = 3;

/**
 * One child process that is kept running: started again with back-off whenever it dies, until `stop`. It has an IPC channel
 * and ends by itself when that closes, so that it never outlives this process.
 */
export class SupervisedProcess {
  readonly #description: ProcessDescription;
  readonly #say: (text: string) => void;
  readonly #warn: (name: string, line: string) => void;
  readonly #log: LogFile;
  readonly #firstReady = Promise.withResolvers<ReadyMessage>();
  #child: ChildProcess | undefined;
  #lastWords = "";
  #wasReady = false;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;

  constructor(description: ProcessDescription, say: (text: string) => void) {
    this.#description = description;
    this.#say = say;
    this.#warn = lineBudget(say, Date.now);
    this.#log = openLogFile(description.logFile);
    // Whoever waits for it gets the rejection; nobody has to.
    this.#firstReady.promise.catch(() => undefined);
    this.#ended = this.#keepRunning();
  }

  /** The first time that it serves. Rejects with its last words when it never does. */
  get firstReady(): Promise<ReadyMessage> {
    return this.#firstReady.promise;
  }

  get processId(): number | undefined {
    return this.#child?.pid;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    child?.kill("SIGTERM");
    const { drainMs = 0 } = this.#description;
    const force = setTimeout(() => child?.kill("SIGKILL"), drainMs + stopWithinMs);
    await this.#ended;
    clearTimeout(force);
    this.#firstReady.reject(new CommandFailure(exitCode.refused, `${this.#description.name} was stopped.`));
    await this.#log.close();
  }

  async #keepRunning(): Promise<void> {
    let backOffMs = firstBackOffMs;
    for (let deaths = 1; ; deaths++) {
      const { ending, code, served } = await this.#runOnce();
      if (this.#stopping.signal.aborted) return;
      if (!this.#wasReady && deaths >= (code === exitCode.usage ? maxStatedFailures : maxFirstDeaths)) {
        this.#firstReady.reject(this.#neverReady(ending));
        return;
      }
      if (served) backOffMs = firstBackOffMs;
      if (this.#wasReady)
        this.#say(`${this.#description.name} ended (${ending}); it is started again in ${duration(backOffMs)}\n`);
      await delay(backOffMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
    }
  }

  async #runOnce(): Promise<{ readonly ending: string; readonly code: number | null; readonly served: boolean }> {
    const { main, args, environment } = this.#description;
    const inherited = withoutSecrets(process.env);
    const child = spawn(process.execPath, [fileURLToPath(main), ...args], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...inherited, ...environment, NODE_COMPILE_CACHE: compileCacheDirectory },
      // Ctrl-C in a terminal reaches this process alone, which then stops its children in order.
      detached: true,
    });
    this.#child = child;
    this.#lastWords = "";
    let served = false;
    const hanging = setTimeout(() => child.kill("SIGKILL"), readyWithinMs);
    child.on("message", (message) => {
      if (!isReady(message) || served) return;
      served = true;
      clearTimeout(hanging);
      this.#onReady(message);
    });
    if (child.stdout !== null) readLines(child.stdout, (line) => this.#onLine(line));
    if (child.stderr !== null) readLines(child.stderr, (line) => this.#onLine(line));
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    clearTimeout(hanging);
    this.#child = undefined;
    return { ending: signal ?? `exit code ${code ?? "unknown"}`, code, served };
  }

  #onReady(message: ReadyMessage): void {
    if (this.#wasReady) this.#say(`${this.#description.name} is back\n`);
    this.#wasReady = true;
    this.#firstReady.resolve(message);
  }

  /** Everything goes to the log file; a person sees what matters, and before the first start only the last words. */
  #onLine(line: string): void {
    this.#log.write(line);
    const shown = renderLogLine(this.#description.name, line);
    if (shown === undefined) return;
    this.#lastWords = `${this.#lastWords}${shown}`.slice(-2_000);
    if (this.#wasReady) this.#warn(this.#description.name, shown);
  }

  #neverReady(ending: string): CommandFailure {
    const { name, logFile } = this.#description;
    const words = this.#lastWords.trimEnd();
    if (words !== "" && !stackLine.test(words)) return new CommandFailure(exitCode.usage, words);
    // A crash: its stack is for the log, its first words are for the person.
    const why = /^[\w-]+: (?:tcm: )?\w*Error\b.*$/m.exec(words)?.[0] ?? `${name}: it ended (${ending})`;
    return new CommandFailure(exitCode.refused, `${why}\n${name} cannot be started. Its log is ${logFile}`);
  }
}

/** Each process gets the secrets that it needs by its description. */
function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const secrets = ["TCM_TOKEN", "TCM_OPERATOR_KEY", "TCM_OIDC_CLIENT_SECRET", "TCM_DATABASE"];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !secrets.includes(name)));
}

const stackLine = /^[^\n]*: {5}at /m;

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === "object" && message !== null && "type" in message && message.type === "ready";
}
