import { execFileSync } from "node:child_process";
import { temporaryDirectory } from "@tcm/testkit";
import { onTestFinished } from "vitest";

/** A file system of its own until the running test ends. Needs the rights of root. */
export function mountSmallDisk(megabytes = 8): string {
  const directory = temporaryDirectory();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", directory], { stdio: "pipe" });
  onTestFinished(() => void execFileSync("umount", ["--lazy", directory]));
  return directory;
}
