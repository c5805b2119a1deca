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
  return mkdtempSync(join(tmpdir(), "tcm-test-"));
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
