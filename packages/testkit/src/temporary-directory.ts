import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new empty directory of mode 0700, removed when the running test ends; call it inside a test. */
export function temporaryDirectory(): string {
  const directory = createTemporaryDirectory();
  onTestFinished(() => removeDirectory(directory));
  return directory;
}

/** For `beforeAll`: the caller removes it. */
export function createTemporaryDirectory(): string {
  return mkdtempSync(join(placeOfTests(tmpdir()), "tcm-test-"));
}

/**
 * Engines listen on sockets in these directories, and the whole path of one has 107 bytes at most (unix(7)): a build agent's own place
 * may leave no room for that. That of macOS has 48.
 */
export function placeOfTests(wanted: string): string {
  return Buffer.byteLength(wanted) <= maxPlaceBytes ? wanted : "/tmp";
}

const maxPlaceBytes = 60;

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
