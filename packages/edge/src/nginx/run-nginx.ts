import { execFile } from "node:child_process";

const timeoutMs = 20_000;

/** Runs the program to its end: what it printed. Throws its words when it did not end well. */
export function runNginx(binary: string, args: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(binary, args, { timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
    if (error === null) return resolve(stdout + stderr);
    reject(new Error(stderr.replace(/\s+/g, " ").trim().slice(0, 1_000) || error.message));
  });
  return promise;
}
