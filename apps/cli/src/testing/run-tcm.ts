import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { cliMain } from "../index.ts";

export type Transcript = { readonly code: number | null; readonly out: string; readonly err: string };

export type RunOptions = {
  readonly input?: string;
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/** Runs the real command line to its end, without the TCM_ variables of whoever runs the tests. */
export async function runTcm(args: readonly string[], options: RunOptions = {}): Promise<Transcript> {
  const child = spawn(process.execPath, [fileURLToPath(cliMain), ...args], {
    cwd: options.directory,
    env: testEnvironment(options.environment),
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A command that ends without reading its input closes the pipe.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code, out, err };
}

export function testEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("TCM_"));
  // A login of whoever runs the tests is nobody here.
  return { ...Object.fromEntries(inherited), XDG_CONFIG_HOME: "/nonexistent", ...more };
}
