import {
  type Certificate,
  type CryptoPort,
  type EntryContent,
  maxCertificateBytes,
  type NodeRejection,
  parseCertificate,
} from "@tcm/core";
import type { EngineContent } from "@tcm/edge";
import { words } from "../start-error.ts";
import type { CertificateStore } from "../state/certificate-store.ts";

/** Asks the control plane for certificates by SHA-256; what comes back is not trusted. */
export type FetchCertificates = (fingerprints: readonly string[]) => Promise<FetchedCertificates>;

export type FetchedCertificates =
  | { readonly ok: true; readonly certificates: ReadonlyMap<string, Uint8Array> }
  /** `away`: no answer. `unusable`: one that holds no certificates. */
  | { readonly ok: false; readonly because: "away" | "unusable"; readonly detail: string };

export type ObtainedContent =
  | { readonly ok: true; readonly content: EngineContent | null }
  | { readonly ok: false; readonly rejection: NodeRejection }
  /** The control plane is away: that says nothing about the entry, which is asked for again. */
  | { readonly ok: false; readonly away: string };

export type CertificateSource = {
  readonly certificates: CertificateStore;
  readonly fetchCertificates: FetchCertificates;
  readonly crypto: CryptoPort;
};

/** As many as the protocol allows in one request. */
const fetchedAtOnce = 300;

/** The entry's content with its certificates at hand and on disk; fetches only those that are not there. */
export async function obtainContent(content: EntryContent | null, source: CertificateSource): Promise<ObtainedContent> {
  const missing = missingCertificates(content, source.certificates);
  for (let at = 0; at < missing.length; at += fetchedAtOnce) {
    const failure = await fetchAndKeep(missing.slice(at, at + fetchedAtOnce), source);
    if (failure !== undefined) return failure;
  }
  const obtained = contentAtHand(content, source.certificates);
  return obtained === undefined
    ? refuse("certificate-unavailable", "A certificate of the entry was removed while it was being delivered.")
    : { ok: true, content: obtained };
}

function missingCertificates(content: EntryContent | null, certificates: CertificateStore): readonly string[] {
  if (content?.kind !== "ca-set") return [];
  return content.fingerprints.filter((fingerprint) => certificates.get(fingerprint) === undefined);
}

/** Undefined when a certificate is missing: a set is served whole or not at all. */
export function contentAtHand(
  content: EntryContent | null,
  certificates: CertificateStore,
): EngineContent | null | undefined {
  if (content === null) return null;
  if (content.kind === "edge-certificate") return { kind: "edge-certificate", edgeCertificate: content };
  const anchors = content.fingerprints.flatMap((fingerprint) => certificates.get(fingerprint) ?? []);
  return anchors.length === content.fingerprints.length ? { kind: "ca-set", caSet: content, anchors } : undefined;
}

async function fetchAndKeep(
  fingerprints: readonly string[],
  { certificates, fetchCertificates, crypto }: CertificateSource,
): Promise<Extract<ObtainedContent, { ok: false }> | undefined> {
  const fetched = await fetchCertificates(fingerprints);
  if (!fetched.ok) {
    const { because, detail } = fetched;
    return because === "away" ? { ok: false, away: detail } : refuse("certificate-unavailable", detail);
  }
  const checked: Certificate[] = [];
  for (const fingerprint of fingerprints) {
    const certificate = checkCertificate(fingerprint, fetched.certificates.get(fingerprint), crypto);
    if ("code" in certificate) return { ok: false, rejection: certificate };
    checked.push(certificate);
  }
  try {
    await certificates.add(checked);
    return undefined;
  } catch (error) {
    return refuse("disk-write-failed", `The certificates could not be stored: ${words(error)}`);
  }
}

function checkCertificate(
  fingerprint: string,
  der: Uint8Array | undefined,
  crypto: CryptoPort,
): Certificate | NodeRejection {
  if (der === undefined) {
    return { code: "certificate-unavailable", detail: `The control plane did not send certificate ${fingerprint}.` };
  }
  if (der.length > maxCertificateBytes) {
    const detail = `Certificate ${fingerprint} takes ${der.length} bytes of at most ${maxCertificateBytes}.`;
    return { code: "limit-exceeded", detail };
  }
  const actual = crypto.sha256(der);
  if (actual !== fingerprint) {
    const detail = `What was sent as certificate ${fingerprint} has the SHA-256 ${actual}.`;
    return { code: "certificate-digest-mismatch", detail };
  }
  const parsed = parseCertificate(der, crypto);
  if (parsed.ok) return parsed.certificate;
  const { code, offset } = parsed.problem;
  return { code: "certificate-malformed", detail: `Certificate ${fingerprint}: ${code} at byte ${offset}.` };
}

function refuse(code: NodeRejection["code"], detail: string): Extract<ObtainedContent, { ok: false }> {
  return { ok: false, rejection: { code, detail } };
}
