import { decodeBase64, entryDigest, networks, parseCertificate, versionDigest } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { readEntries } from "../manifest/read-entries.ts";
import { optionsOf } from "../operations/versions/version-row.ts";
import type { Queries } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";

const pageSize = 500;

/** Asks again what was asked when it was written: an archive is authentic also when the store it was made of was damaged. */
export async function checkRestored(queries: Queries): Promise<void> {
  await checkCertificates(queries);
  await checkVersions(queries);
  await checkEntries(queries);
}

async function checkCertificates(queries: Queries): Promise<void> {
  for (let after = ""; ; ) {
    const page = await queries
      .selectFrom("certificates")
      .select(["fingerprint", "der"])
      .where("fingerprint", ">", after)
      .orderBy("fingerprint")
      .limit(pageSize)
      .execute();
    for (const { fingerprint, der } of page) {
      const bytes = decodeBase64(der);
      const parsed = parseCertificate(bytes.ok ? bytes.bytes : new Uint8Array(), nodeCrypto);
      if (!parsed.ok || parsed.certificate.fingerprint !== fingerprint) throw damaged(`certificate ${fingerprint}`);
      after = fingerprint;
    }
    if (page.length < pageSize) return;
  }
}

async function checkVersions(queries: Queries): Promise<void> {
  for (const row of await queries.selectFrom("ca_set_versions").selectAll().execute()) {
    const members = await queries
      .selectFrom("ca_set_version_members as member")
      .innerJoin("certificate_texts as text", "text.id", "member.text_id")
      .select("text.fingerprint")
      .where("member.ca_set_id", "=", row.ca_set_id)
      .where("member.version", "=", row.version)
      .execute();
    const fingerprints = members.map(({ fingerprint }) => fingerprint);
    const isWhole = fingerprints.length === row.certificate_count;
    if (!isWhole || versionDigest(fingerprints, optionsOf(row), nodeCrypto) !== row.content_digest)
      throw damaged(`version ${row.version} of CA set ${row.ca_set_id}`);
  }
}

async function checkEntries(queries: Queries): Promise<void> {
  for (const network of networks) {
    for (const { entryId, content, digest } of await readEntries(queries, network)) {
      if (entryDigest(content, nodeCrypto) !== digest) throw damaged(`${entryId} on ${network}`);
      if (content?.kind === "ca-set" && !(await areStored(queries, content.fingerprints)))
        throw damaged(`the certificates of ${entryId} on ${network}`);
    }
  }
}

async function areStored(queries: Queries, fingerprints: readonly string[]): Promise<boolean> {
  const found = await queries
    .selectFrom("certificates")
    .select("fingerprint")
    .where("fingerprint", "in", fingerprints)
    .execute();
  return found.length === new Set(fingerprints).size;
}

function damaged(what: string): StoreError {
  return new StoreError(
    "backup-unusable",
    `In the backup ${what} is damaged. Nothing was restored; use an earlier one.`,
  );
}
