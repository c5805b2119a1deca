import { maxKeySuccessors } from "@tcm/api-contract";
import { type ManifestEntry, type Network, networks, signedBytes } from "@tcm/core";
import type { SigningKeys } from "../keys/signing-keys.ts";
import { entryFor, type PilotEntry, readPilotEntries } from "../manifest/pilot-entries.ts";
import { readEntries } from "../manifest/read-entries.ts";
import type { Store } from "../store/store.ts";

/** The manifests as they are on disk, read once for all nodes. */
export type ManifestCache = {
  /** Reads what was written since the last time. */
  refresh(network: Network): Promise<void>;
  /** Entries of the node of later generations than `after`, oldest first. */
  entriesAfter(node: ManifestReader, after: number): readonly CachedEntry[];
  /** Whether a node of the network may fetch the certificate. */
  names(network: Network, fingerprint: string): boolean;
  /** Which key signs for the network now. */
  keyId(network: Network): string;
  /** The line that takes nodes from whichever key they pinned to that one; undefined where there never was another. */
  successorsLine(network: Network): string | undefined;
  /** One element of `entries` in an announcement: JSON, signed for the node. */
  signFor(nodeId: string, entry: CachedEntry): string;
};

export type ManifestReader = { readonly nodeId: string; readonly network: Network };

/** `json` is rendered once, and not for each of a thousand nodes. */
export type CachedEntry = { readonly entry: ManifestEntry; readonly json: string };

type NetworkManifest = {
  readonly entries: Map<string, CachedEntry>;
  pilots: ReadonlyMap<string, PilotEntry>;
  fingerprints: ReadonlySet<string>;
  newest: number;
  newestPilot: number;
  reading: Promise<void>;
};

export function openManifestCache(store: Store, signingKeys: SigningKeys): ManifestCache {
  const manifests = Object.fromEntries(networks.map((network) => [network, emptyManifest()])) as Record<
    Network,
    NetworkManifest
  >;
  return {
    refresh: (network) => {
      const manifest = manifests[network];
      // One after the other, or an older answer could come last.
      manifest.reading = manifest.reading
        .catch(() => undefined)
        .then(() => readInto(manifest, store, signingKeys, network));
      return manifest.reading;
    },
    entriesAfter: (node, after) =>
      newsAfter(manifests[node.network], node.nodeId, after)
        .filter(({ entry }) => entry.generation.number > after)
        .sort((a, b) => a.entry.generation.number - b.entry.generation.number),
    names: (network, fingerprint) => manifests[network].fingerprints.has(fingerprint),
    keyId: (network) => signingKeys[network].keyId,
    successorsLine: (network) => {
      const successors = signingKeys.successors(network).slice(-maxKeySuccessors);
      return successors.length === 0 ? undefined : JSON.stringify({ type: "key-successors", successors });
    },
    signFor: (nodeId, { entry, json }) => {
      const { keyId, sign } = signingKeys[entry.network];
      const signature = sign(signedBytes(entry, nodeId));
      return `{"entry":${json},"nodeId":${JSON.stringify(nodeId)},"keyId":"${keyId}","signature":"${signature}"}`;
    },
  };
}

function emptyManifest(): NetworkManifest {
  const nothing = { entries: new Map(), pilots: new Map(), fingerprints: new Set<string>() };
  return { ...nothing, newest: 0, newestPilot: 0, reading: Promise.resolve() };
}

/** All entries of the node when any may be news: every node asks every few seconds, and nearly always there is none. */
function newsAfter(manifest: NetworkManifest, nodeId: string, after: number): readonly CachedEntry[] {
  const isNews = manifest.newest > after || manifest.newestPilot > after;
  return isNews ? entriesOf(manifest, nodeId) : [];
}

function entriesOf({ entries, pilots }: NetworkManifest, nodeId: string): readonly CachedEntry[] {
  return [...entries.values()].map((cached) => {
    const told = entryFor(nodeId, cached.entry, pilots.get(cached.entry.entryId));
    return told === cached.entry ? cached : cachedEntry(told);
  });
}

function cachedEntry(entry: ManifestEntry): CachedEntry {
  return { entry, json: JSON.stringify(entry) };
}

/**
 * Entries of one node first: one that all are told meanwhile is newer, and then counts. The key last: entries that were written after
 * another key took over are never signed by the one before.
 */
async function readInto(
  manifest: NetworkManifest,
  store: Store,
  signingKeys: SigningKeys,
  network: Network,
): Promise<void> {
  const pilots = await readPilotEntries(store.db, network);
  const changed = await readEntries(store.db, network, manifest.newest);
  await signingKeys.refresh(network);
  for (const entry of changed) {
    manifest.entries.set(entry.entryId, cachedEntry(entry));
    manifest.newest = Math.max(manifest.newest, entry.generation.number);
  }
  const arePilotsSame = samePilots([...manifest.pilots.values()], pilots);
  manifest.pilots = new Map(pilots.map((pilot) => [pilot.entry.entryId, pilot]));
  manifest.newestPilot = Math.max(0, ...pilots.map(({ entry }) => entry.generation.number));
  if (changed.length > 0 || !arePilotsSame) manifest.fingerprints = namedFingerprints(manifest);
}

function samePilots(before: readonly PilotEntry[], after: readonly PilotEntry[]): boolean {
  const names = (pilots: readonly PilotEntry[]): string =>
    pilots
      .map(({ entry }) => `${entry.entryId} ${entry.digest}`)
      .toSorted()
      .join();
  return names(before) === names(after);
}

function namedFingerprints({ entries, pilots }: NetworkManifest): ReadonlySet<string> {
  const all = [...[...entries.values()].map(({ entry }) => entry), ...[...pilots.values()].map(({ entry }) => entry)];
  return new Set(all.flatMap(({ content }) => (content?.kind === "ca-set" ? content.fingerprints : [])));
}
