import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export type CommandResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type CommandOptions = {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
};

/** Runs a program to its end; it is killed when it does not come to one. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { input = "", env = {}, cwd, timeoutMs = 120_000 }: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    ...(cwd !== undefined && { cwd }),
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** Throws with what the program said when it fails. */
export async function mustRun(command: string, args: readonly string[], options?: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, args, options);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
}
