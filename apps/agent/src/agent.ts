import { type HandshakeReport, type NodeIdentity, nodeProtocolVersion } from "@tcm/api-contract";
import type { CryptoPort, KeySuccessor, UnixMillis } from "@tcm/core";
import { type EdgeEngine, HandshakeTable, type SeenHandshake } from "@tcm/edge";
import type { AgentLog } from "./agent-log.ts";
import type { AgentTiming } from "./agent-timing.ts";
import { checkStored } from "./entries/check-stored.ts";
import { Limiter } from "./entries/limiter.ts";
import { type NodeJudgement, NodeManifest } from "./entries/node-manifest.ts";
import { CurrentIdentity } from "./identity/current-identity.ts";
import { openPinnedKeys, type PinnedKeys } from "./identity/pinned-keys.ts";
import { ControlPlaneConnection } from "./session/control-plane-connection.ts";
import { type DataDirectory, openDataDirectory } from "./state/data-directory.ts";
import type { StoredEntry } from "./state/stored-entry.ts";
import { HandshakeReports } from "./telemetry/handshake-reports.ts";

export type AgentOptions = {
  readonly identity: NodeIdentity;
  /** Resolves when it is on disk: with a renewed certificate. */
  readonly saveIdentity: (identity: NodeIdentity) => Promise<void>;
  readonly dataDirectory: string;
  /** Called once, when what was last good has been read from disk. It tells of every handshake that it sees. */
  readonly openEngine: (onHandshake: (seen: SeenHandshake) => void) => Promise<OpenedEngine>;
  readonly crypto: CryptoPort;
  readonly clock: () => UnixMillis;
  /** In [0, 1), for spreading retries. */
  readonly random: () => number;
  readonly timing: AgentTiming;
  readonly maxEntries: number;
  readonly log: AgentLog;
};

/** `address`: where clients reach it, `host:port`. */
export type OpenedEngine = { readonly engine: EdgeEngine; readonly address: string };

export type Agent = {
  readonly address: string;
  /** Closes the engine and lets go of the data directory. */
  close(): Promise<void>;
};

/** Entries are worked on side by side, so that a slow one holds up no other; the bound keeps disk and engine from being flooded. */
const entriesAtOnce = 8;

/**
 * Keeps one engine at the signed manifest of its network. Resolves when the engine serves what was last good, whether or not
 * the control plane is there. Throws a StartError for a data directory that cannot be used, and whatever `openEngine` throws.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { crypto, timing, log, dataDirectory } = options;
  const directory = openDataDirectory(dataDirectory, crypto, timing.contactIntervalMs, log);
  try {
    return await start(options, directory);
  } catch (error) {
    await directory.close();
    throw error;
  }
}

async function start(options: AgentOptions, directory: DataDirectory): Promise<Agent> {
  const keys = openPinnedKeys(options.identity, options.dataDirectory, options.log);
  const judgement = judgementOf(options, keys.verifyAnnounced);
  const ofDisk = judgementOf(options, keys.verifyStored);
  const stored = directory.entries.load(options.log).flatMap((entry) => checkStored(entry, ofDisk, options.log) ?? []);
  const table = new HandshakeTable();
  const { engine, address } = await options.openEngine((seen) => table.add(seen));
  const identity = new CurrentIdentity(options);
  const connection = new ControlPlaneConnection({ ...options, identity, lastContact: directory.lastContact });
  const handshakes = handshakeReports(options, table, connection);
  const manifest = new NodeManifest(
    {
      ...options,
      ...directory,
      engine,
      judgement,
      limiter: new Limiter(entriesAtOnce),
      fetchCertificates: (fingerprints) => connection.fetchCertificates(fingerprints),
      onReport: (report) => connection.report(report),
    },
    stored,
  );
  await manifest.restore();
  sayWhatIsServed(options, directory, stored);
  manifest.resume();
  connection.start(peerOf(options, { manifest, keys, engine, address, handshakes }));
  const looking = setInterval(() => handshakes.look(), options.timing.handshakeLookMs).unref();
  const end = async (): Promise<void> => {
    clearInterval(looking);
    manifest.close();
    await connection.close();
    await engine.close();
    await directory.close();
  };
  let ending: Promise<void> | undefined;
  return { address, close: () => (ending ??= end()) };
}

function judgementOf(
  { identity, crypto }: AgentOptions,
  verifySignature: NodeJudgement["verifySignature"],
): NodeJudgement {
  const { nodeId, network } = identity;
  return { nodeId, network, crypto, verifySignature };
}

function handshakeReports({ clock, log }: AgentOptions, table: HandshakeTable, connection: ControlPlaneConnection) {
  return new HandshakeReports({
    table,
    clock,
    tell: (report) => connection.tellHandshakes(report),
    onLost: (lost) => log.warn({ lost }, "handshakes found no room in the account and are not counted"),
  });
}

type Serving = {
  readonly manifest: NodeManifest;
  readonly keys: PinnedKeys;
  readonly engine: EdgeEngine;
  readonly address: string;
  readonly handshakes: HandshakeReports;
};

function peerOf({ identity }: AgentOptions, { manifest, keys, engine, address, handshakes }: Serving) {
  const { nodeId, network } = identity;
  const { engine: name, version, highestLevel, sendsCaNames } = engine.description;
  const about = { engine: name, engineVersion: version, highestLevel, address };
  return {
    hello: { type: "hello", protocolVersion: nodeProtocolVersion, nodeId, network, ...about } as const,
    sendsCaNames,
    reports: () => manifest.reports(),
    succeedKeys: (successors: readonly KeySuccessor[]) => keys.succeed(successors),
    sessionBegins: () => {
      manifest.sessionBegins();
      handshakes.sessionBegins();
    },
    handshakesTaken: (taken: Pick<HandshakeReport, "stream" | "sequence">) => handshakes.taken(taken),
    announce: (entries: readonly unknown[], complete: boolean) => manifest.announce(entries, complete),
  };
}

/** At any age: an edge without its control plane is as good as its last instructions, and says how old those are. */
function sayWhatIsServed(
  { clock, log }: AgentOptions,
  { lastContact }: DataDirectory,
  stored: readonly StoredEntry[],
): void {
  const at = lastContact.read();
  const lastHeard = at === undefined ? "never" : new Date(at).toISOString();
  const staleSeconds = at === undefined ? undefined : Math.max(0, Math.round((clock() - at) / 1_000));
  log.info({ entries: stored.length, lastHeard, staleSeconds }, "started with what was last good");
}
