import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CryptoPort } from "@tcm/core";
import type { AgentLog } from "../agent-log.ts";
import { StartError, words } from "../start-error.ts";
import { type CertificateStore, openCertificateStore } from "./certificate-store.ts";
import { lockDataDirectory } from "./data-directory-lock.ts";
import { EntryStore } from "./entry-store.ts";
import { LastContact } from "./last-contact.ts";

/** All that a node keeps on its disk, held by this process alone. */
export type DataDirectory = {
  readonly entries: EntryStore;
  readonly certificates: CertificateStore;
  readonly lastContact: LastContact;
  /** Waits for what is being written, takes nothing more, and lets another process in. */
  close(): Promise<void>;
};

/** Throws a StartError when it is in use, or is no place to write. */
export function openDataDirectory(
  directory: string,
  crypto: CryptoPort,
  contactIntervalMs: number,
  log: AgentLog,
): DataDirectory {
  const lock = lockDataDirectory(directory);
  try {
    const entries = new EntryStore(join(directory, "manifest"));
    const certificates = openCertificateStore(join(directory, "certificates"), crypto, log);
    const lastContact = new LastContact(directory, contactIntervalMs);
    // The names of the folders themselves: what is synced inside them must not hang in the air.
    for (const parent of [directory, dirname(resolve(directory))]) syncNow(parent);
    const close = async () => {
      await entries.close();
      await certificates.idle();
      lock.release();
    };
    return { entries, certificates, lastContact, close };
  } catch (cause) {
    lock.release();
    throw new StartError(`The data directory ${directory} cannot be used: ${words(cause)}.`, { cause });
  }
}

function syncNow(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
