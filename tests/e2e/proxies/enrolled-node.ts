import { hash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { nodeIdentity } from "@tcm/api-contract";
import type { Instance } from "../instance.ts";

/** Makes a node of staging known to a running instance, and writes who it is where its agent looks. */
export function enrolNode(instance: Instance, nodeId: string, identityFile: string): void {
  const credential = `tcmn_${randomBytes(32).toString("base64url")}`;
  const database = new DatabaseSync(join(instance.directory, "store.sqlite"));
  const insert = database.prepare(
    "INSERT INTO edge_nodes (id, network, engine, engine_version, highest_level, address, credential_hash, created_at) VALUES (?, 'STAGING', '', '', 'verified', '', ?, ?)",
  );
  insert.run(nodeId, hash("sha256", credential), new Date().toISOString());
  database.close();
  const local = join(instance.directory, "nodes/staging-edge.identity.json");
  const identity = nodeIdentity.parse(JSON.parse(readFileSync(local, "utf8")));
  writeFileSync(identityFile, JSON.stringify({ ...identity, nodeId, credential }), { mode: 0o600 });
}
