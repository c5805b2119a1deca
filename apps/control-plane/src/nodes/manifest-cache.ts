import { type ManifestEntry, type Network, networks, signedBytes } from "@tcm/core";
import type { SigningKeys } from "../keys/signing-keys.ts";
import { readEntries } from "../manifest/read-entries.ts";
import type { Store } from "../store/store.ts";

/** The manifests as they are on disk, read once for all nodes. */
export type ManifestCache = {
  /** Reads what was written since the last time. */
  refresh(network: Network): Promise<void>;
  /** Entries of later generations than `after`, oldest first. */
  entriesAfter(network: Network, after: number): readonly CachedEntry[];
  /** Whether a node of the network may fetch the certificate. */
  names(network: Network, fingerprint: string): boolean;
  /** One element of `entries` in an announcement: JSON, signed for the node. */
  signFor(nodeId: string, entry: CachedEntry): string;
};

/** `json` is rendered once, and not for each of a thousand nodes. */
export type CachedEntry = { readonly entry: ManifestEntry; readonly json: string };

type NetworkManifest = {
  readonly entries: Map<string, CachedEntry>;
  fingerprints: ReadonlySet<string>;
  newest: number;
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
      manifest.reading = manifest.reading.catch(() => undefined).then(() => readInto(manifest, store, network));
      return manifest.reading;
    },
    entriesAfter: (network, after) =>
      [...manifests[network].entries.values()]
        .filter(({ entry }) => entry.generation.number > after)
        .sort((a, b) => a.entry.generation.number - b.entry.generation.number),
    names: (network, fingerprint) => manifests[network].fingerprints.has(fingerprint),
    signFor: (nodeId, { entry, json }) => {
      const { keyId, sign } = signingKeys[entry.network];
      const signature = sign(signedBytes(entry, nodeId));
      return `{"entry":${json},"nodeId":${JSON.stringify(nodeId)},"keyId":"${keyId}","signature":"${signature}"}`;
    },
  };
}

function emptyManifest(): NetworkManifest {
  return { entries: new Map(), fingerprints: new Set(), newest: 0, reading: Promise.resolve() };
}

async function readInto(manifest: NetworkManifest, store: Store, network: Network): Promise<void> {
  const changed = await readEntries(store.db, network, manifest.newest);
  for (const entry of changed) {
    manifest.entries.set(entry.entryId, { entry, json: JSON.stringify(entry) });
    manifest.newest = Math.max(manifest.newest, entry.generation.number);
  }
  if (changed.length === 0) return;
  const contents = [...manifest.entries.values()].map(({ entry }) => entry.content);
  manifest.fingerprints = new Set(
    contents.flatMap((content) => (content?.kind === "ca-set" ? content.fingerprints : [])),
  );
}
