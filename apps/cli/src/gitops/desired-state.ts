import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import {
  type CaSetOptions,
  type Certificate,
  maxCertificatesPerVersion,
  type Network,
  type SubmittedCertificate,
} from "@tcm/core";
import { readInput } from "../check/read-input.ts";
import { networkOf } from "../deployment/network-option.ts";
import { parseCertificates } from "../verify/read-certificates.ts";
import type { DesiredDocument } from "./desired-schema.ts";
import { readDocument, type ReadDocument, refuse } from "./read-document.ts";

export type DesiredCaSet = {
  readonly name: string;
  readonly description: string | undefined;
  readonly options: CaSetOptions;
  /** Distinct, in the order of the files. */
  readonly certificates: readonly Certificate[];
  readonly entries: readonly SubmittedCertificate[];
  /** File of each entry. */
  readonly places: readonly string[];
  readonly networks: readonly Network[];
};

export type DesiredEdgeCertificate = Omit<DesiredDocument["edgeCertificates"][number], "hostnames"> & {
  /** Sorted. */
  readonly hostnames: readonly string[];
};

export type DesiredState = {
  readonly caSets: readonly DesiredCaSet[];
  readonly edgeCertificates: readonly DesiredEdgeCertificate[];
};

/** The document and every certificate that it names. Throws a usage failure: nothing of a faulty document is carried out. */
export async function readDesiredState(file: string, stdin: Readable): Promise<DesiredState> {
  const [input] = await readInput([file], stdin);
  const read = readDocument(file, input?.text ?? "");
  refuseRepetitions(read);
  const caSets: DesiredCaSet[] = [];
  for (const [index, set] of read.document.caSets.entries())
    caSets.push(
      await readCaSet(set, dirname(file), (at) => read.placeOf(["caSets", index, "certificates", at]), stdin),
    );
  const edgeCertificates = read.document.edgeCertificates.map((one) => ({
    ...one,
    hostnames: [...one.hostnames].sort(),
  }));
  return { caSets, edgeCertificates };
}

function refuseRepetitions({ document: { caSets, edgeCertificates }, placeOf }: ReadDocument): void {
  const named = caSets.map(({ name }, i) => ({ value: name, place: placeOf(["caSets", i, "name"]) }));
  const hostnames = edgeCertificates.flatMap((one, i) =>
    one.hostnames.map((value, at) => ({ value, place: placeOf(["edgeCertificates", i, "hostnames", at]) })),
  );
  const seen = new Set<string>();
  const lines = [...named, ...hostnames].flatMap(({ value, place }, i) => {
    const key = `${i < named.length ? "set" : "host"} ${value}`;
    if (seen.has(key)) return [`${place}: "${value}" is there twice.`];
    seen.add(key);
    return [];
  });
  if (lines.length > 0) throw refuse(lines);
}

async function readCaSet(
  { name, description, networks, certificates: patterns, ...options }: DesiredDocument["caSets"][number],
  directory: string,
  placeOf: (pattern: number) => string,
  stdin: Readable,
): Promise<DesiredCaSet> {
  const files = patterns.flatMap((pattern, at) => findFiles(pattern, directory, placeOf(at)));
  const inputs = await readInput([...new Set(files)], stdin);
  const members = new Map<string, { certificate: Certificate; pem: string; place: string }>();
  for (const input of inputs) {
    const { certificates, entries } = parseCertificates([input]);
    for (const [i, certificate] of certificates.entries()) {
      const pem = entries[i]?.certificatePem;
      if (pem === undefined || members.has(certificate.fingerprint)) continue;
      members.set(certificate.fingerprint, { certificate, pem, place: `${input.name}, certificate ${i + 1}` });
    }
  }
  if (members.size > maxCertificatesPerVersion)
    throw refuse([`CA set "${name}" has ${members.size} certificates; a version holds ${maxCertificatesPerVersion}.`]);
  const kept = [...members.values()];
  return {
    name,
    description,
    options,
    certificates: kept.map(({ certificate }) => certificate),
    entries: kept.map(({ pem: certificatePem }) => ({ certificatePem })),
    places: kept.map(({ place }) => place),
    networks: (["staging", "production"] as const).filter((one) => networks.includes(one)).map(networkOf),
  };
}

/** In the order of their names, so that one document always means the same. */
function findFiles(pattern: string, directory: string, place: string): readonly string[] {
  const path = join(directory, pattern);
  if (!/[*?[{]/.test(pattern)) return [path];
  const found = globSync(pattern, { cwd: directory }).sort();
  if (found.length === 0) throw refuse([`${place}: no file is called ${pattern}.`]);
  return found.map((name) => join(directory, name));
}
