import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Decodes leaf and intermediate and verifies the path to the root, `count` times; answers how many were accepted. */
export type OpensslVerify = (
  leaf: Buffer,
  intermediate: Buffer,
  root: Buffer,
  unixSeconds: number,
  count: number,
) => number;

export type OpensslPeer = { readonly verify: OpensslVerify } | { readonly missing: string };

/** Builds the small C peer against the OpenSSL inside this very node: the same library that does our signatures. */
export function buildOpensslPeer(): OpensslPeer {
  const headers = join(dirname(dirname(process.execPath)), "include/node");
  if (!existsSync(join(headers, "node_api.h"))) return { missing: `no headers of node in ${headers}` };
  const output = join(mkdtempSync(join(tmpdir(), "tcm-bench-")), "verify-chain.node");
  const source = new URL("./verify-chain.c", import.meta.url).pathname;
  const built = spawnSync("cc", ["-shared", "-fPIC", "-O2", `-I${headers}`, source, "-o", output], {
    encoding: "utf8",
  });
  if (built.error !== undefined) return { missing: "no C compiler (cc)" };
  if (built.status !== 0) return { missing: `the peer does not build: ${built.stderr.slice(0, 500)}` };
  const { verify } = createRequire(import.meta.url)(output) as { readonly verify: OpensslVerify };
  return { verify };
}
