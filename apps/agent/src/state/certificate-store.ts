import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Certificate, type CryptoPort, maxCertificateBytes, parseCertificate } from "@tcm/core";
import { type AgentLog, logged } from "../agent-log.ts";
import { Serial } from "./serial.ts";
import { replaceFile, syncDirectory, unfinished } from "./write-durably.ts";

const filePattern = /^([0-9a-f]{64})\.der$/;
/** So many files are written side by side; the disk works on no more at once. */
const writesAtOnce = 8;

/** The certificates on this node's disk, `<sha256>.der`, parsed. What is here is what its name says: checked when it came in. */
export class CertificateStore {
  readonly #directory: string;
  readonly #held: Map<string, Certificate>;
  /** A file that is being removed must not be the one just written under the same name. */
  readonly #disk = new Serial();

  constructor(directory: string, held: ReadonlyMap<string, Certificate>) {
    this.#directory = directory;
    this.#held = new Map(held);
  }

  get(fingerprint: string): Certificate | undefined {
    return this.#held.get(fingerprint);
  }

  /** Resolves when all of them are safe on disk; rejects, and then holds none of them, when the disk does not take them. */
  add(certificates: readonly Certificate[]): Promise<void> {
    return this.#disk.run(async () => {
      for (let at = 0; at < certificates.length; at += writesAtOnce) {
        const some = certificates.slice(at, at + writesAtOnce);
        await Promise.all(some.map(({ fingerprint, der }) => replaceFile(this.#fileOf(fingerprint), der)));
      }
      if (certificates.length > 0) await syncDirectory(this.#directory);
      for (const certificate of certificates) this.#held.set(certificate.fingerprint, certificate);
    });
  }

  /** Lets go of all that nobody names when it comes to it. */
  prune(named: () => ReadonlySet<string>): Promise<void> {
    return this.#disk.run(async () => {
      const wanted = named();
      const unwanted = [...this.#held.keys()].filter((fingerprint) => !wanted.has(fingerprint));
      for (const fingerprint of unwanted) this.#held.delete(fingerprint);
      for (const fingerprint of unwanted) await rm(this.#fileOf(fingerprint), { force: true });
    });
  }

  idle(): Promise<void> {
    return this.#disk.idle();
  }

  #fileOf(fingerprint: string): string {
    return join(this.#directory, `${fingerprint}.der`);
  }
}

/** Reads every certificate again from its bytes. A damaged file is not held: it will be fetched again where it is needed. */
export function openCertificateStore(directory: string, crypto: CryptoPort, log: AgentLog): CertificateStore {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const held = new Map<string, Certificate>();
  for (const name of readdirSync(directory)) {
    if (name.endsWith(unfinished)) rmSync(join(directory, name), { force: true });
    const fingerprint = filePattern.exec(name)?.[1];
    if (fingerprint === undefined) continue;
    const certificate = readCertificate(join(directory, name), fingerprint, crypto);
    if (typeof certificate === "string") {
      log.warn(
        { fingerprint, reason: logged(certificate) },
        "a stored certificate is damaged and will be fetched again",
      );
    } else held.set(fingerprint, certificate);
  }
  return new CertificateStore(directory, held);
}

function readCertificate(file: string, fingerprint: string, crypto: CryptoPort): Certificate | string {
  try {
    if (statSync(file).size > maxCertificateBytes) return "it is too large";
    const parsed = parseCertificate(new Uint8Array(readFileSync(file)), crypto);
    if (!parsed.ok) return `${parsed.problem.code} at byte ${parsed.problem.offset}`;
    return parsed.certificate.fingerprint === fingerprint ? parsed.certificate : "its bytes are not those of its name";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
