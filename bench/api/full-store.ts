import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startControlPlane } from "../control-plane-process.ts";
import { mintedAuthorities } from "../corpus.ts";
import { asker, benchToken, must, unlimited } from "./client.ts";

/** As many as the limits of mETS allow. */
export const fullSize = { sets: 200, versions: 100, certificates: 300 } as const;

/** Kept between runs, since it takes a minute to make: `TCM_BENCH_CACHE`, or a directory for temporary files. */
export function cacheDirectory(): string {
  const directory = process.env["TCM_BENCH_CACHE"] ?? join(tmpdir(), "tcm-bench");
  // PostgreSQL runs as another user than root, and has to come through.
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  return directory;
}

/**
 * The data directory of a control plane with an embedded store at the full limits. Every set has 300 certificates of its own, which its
 * versions share. Those of set 1 are real; the others are copies under made-up fingerprints, which no validation survives. A store that
 * an older program made is brought up to date as any other is.
 */
export async function fullStore(): Promise<string> {
  const directory = join(cacheDirectory(), "sqlite");
  if (existsSync(join(directory, "store.sqlite"))) return directory;
  const fresh = `${directory}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  await writeOneVersion(fresh);
  multiply(fresh);
  renameSync(fresh, directory);
  return directory;
}

export function storeMegabytes(directory: string): number {
  return Math.round(statSync(join(directory, "store.sqlite")).size / 2 ** 20);
}

/** One set with one version by the API. */
export async function writeOneVersion(directory: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const controlPlane = await startControlPlane(directory, { env: { ...unlimited, ...env } });
  const ask = asker(controlPlane.url, await benchToken(directory, env["TCM_DATABASE"]));
  const certificates = mintedAuthorities(fullSize.certificates).map(({ pem }) => ({ certificatePem: pem }));
  await must(await ask("POST", "/ca-sets", { caSetName: "bench-1" }), 201);
  await must(await ask("POST", "/ca-sets/1/versions", { certificates }), 201);
  await controlPlane.stop();
}

/** By SQL, since the API would take hours for six million members; nothing may have the store open. */
function multiply(directory: string): void {
  const database = new DatabaseSync(join(directory, "store.sqlite"));
  database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN");
  for (const statement of multiplication(fullSize)) database.exec(statement);
  database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE); ANALYZE");
  database.close();
}

/** Statements that either store takes: set 1 with its version 1 becomes `sets` sets of `versions` versions each. */
export function multiplication({ sets, versions, certificates }: typeof fullSize): readonly string[] {
  const series = (name: string, from: number, to: number): string =>
    `${name}(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${to})`;
  const ofSet = "'s' || (10000 + s.n) || substr(t.fingerprint, 7)";
  const set = `WITH RECURSIVE ${series("s", 2, sets)}`;
  const pairs = `WITH RECURSIVE ${series("s", 1, sets)}, ${series("v", 1, versions)}`;
  const others = "t.ca_set_id = 1 AND t.version = 1 AND NOT (s.n = 1 AND v.n = 1)";
  return [
    `${set} INSERT INTO certificates (fingerprint, der, facts)
     SELECT ${ofSet}, t.der, replace(t.facts, t.fingerprint, ${ofSet}) FROM s CROSS JOIN certificates AS t`,
    `${set} INSERT INTO certificate_texts (id, sha256, fingerprint, pem)
     SELECT t.id + (s.n - 1) * ${certificates}, 's' || s.n || t.sha256, ${ofSet}, t.pem
     FROM s CROSS JOIN certificate_texts AS t`,
    `${set} INSERT INTO ca_sets (id, name, description, status, name_frozen_at, last_version, created_at, created_by,
       modified_at, deleted_at, deleted_by, removal_at)
     SELECT s.n, 'bench-' || s.n, description, status, name_frozen_at, last_version, created_at, created_by, modified_at,
       deleted_at, deleted_by, removal_at FROM s CROSS JOIN ca_sets AS t WHERE t.id = 1`,
    `UPDATE ca_sets SET last_version = ${versions}`,
    `${pairs} INSERT INTO ca_set_versions (ca_set_id, version, description, require_root_certificate, allow_insecure_sha1,
       allow_duplicate_common_names, status, content_digest, certificate_count, locked_at, created_at, created_by,
       modified_at, modified_by, removal_at)
     SELECT s.n, v.n, description, require_root_certificate, allow_insecure_sha1, allow_duplicate_common_names, status,
       'bench-' || v.n, certificate_count, locked_at, created_at, created_by, modified_at, modified_by, removal_at
     FROM s CROSS JOIN v CROSS JOIN ca_set_versions AS t WHERE ${others}`,
    `${pairs} INSERT INTO ca_set_version_members (ca_set_id, version, position, text_id, description, created_at, created_by)
     SELECT s.n, v.n, t.position, t.text_id + (s.n - 1) * ${certificates}, description, created_at, created_by
     FROM s CROSS JOIN v CROSS JOIN ca_set_version_members AS t WHERE ${others}`,
  ];
}
