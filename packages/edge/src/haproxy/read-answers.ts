/** Answers of HAProxy's runtime and master sockets, read into data. Pure. */

export type HaproxyVersion = { readonly text: string; readonly major: number; readonly minor: number };

/** From `show info`; undefined for anything else. */
export function readVersion(showInfo: string): HaproxyVersion | undefined {
  const [, text, major, minor] = /^Version: ((\d+)\.(\d+)\S*)/m.exec(showInfo) ?? [];
  return text === undefined ? undefined : { text, major: Number(major), minor: Number(minor) };
}

/** From `show info`: the process that answers, and when it began, in seconds. */
export function readPid(showInfo: string): number | undefined {
  const [, pid] = /^Pid: (\d+)$/m.exec(showInfo) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

export function readStartTime(showInfo: string): number | undefined {
  const [, seconds] = /^Start_time_sec: (\d+)$/m.exec(showInfo) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

/** From `show env`. */
export function readEnvironment(showEnv: string): ReadonlyMap<string, string> {
  return new Map(Array.from(showEnv.matchAll(/^(\w+)=(.*)$/gm), ([, name = "", value = ""]) => [name, value]));
}

/** `add ssl ca-file`, with which a bundle can be larger than one buffer, came with 2.7 (edges.md §1.5). */
export function takesBatches({ major, minor }: HaproxyVersion): boolean {
  return major > 2 || (major === 2 && minor >= 7);
}

/** From `show ssl ca-file`: the files that the configuration refers to, as it writes them. */
export function readCaFiles(showCaFiles: string): ReadonlySet<string> {
  return new Set(Array.from(showCaFiles.matchAll(/^([^#*].*) - \d+ certificate\(s\)$/gm), ([, path]) => path ?? ""));
}

/** `sha1` is missing for Ed25519 and Ed448, of which HAProxy shows no more than the serial number. Upper-case hex, both. */
export type ShownCertificate = { readonly serial: string; readonly sha1: string | undefined };

/** From `show ssl ca-file FILE`. */
export function readCaFile(showCaFile: string): readonly ShownCertificate[] {
  const [, ...certificates] = showCaFile.split(/^Certificate #\d+:$/m);
  return certificates.map((text) => ({
    serial: /^Serial: ([0-9A-F]+)$/m.exec(text)?.[1] ?? "",
    sha1: /^SHA1 FingerPrint: ([0-9A-F]{40})$/m.exec(text)?.[1],
  }));
}

/** One client's connection, by what no other has at the same time. */
export type ClientConnection = { readonly fd: string; readonly localPort: number; readonly remotePort: number };

/** From `show fd`: also connections between two requests, and those still in their handshake. */
export function readConnections(showFd: string): readonly ClientConnection[] {
  return showFd.split("\n").flatMap((line) => {
    const [, fd, localPort, remotePort] = /^\s*(\d+) : .*? back=0 .*?\blport=(\d+) rport=(\d+)/.exec(line) ?? [];
    return fd === undefined ? [] : [{ fd, localPort: Number(localPort), remotePort: Number(remotePort) }];
  });
}

export type Stream = { readonly id: string; readonly remotePort: number };

/** From `show sess`: what is being served right now, by the client's port. */
export function readStreams(showSess: string): readonly Stream[] {
  return Array.from(showSess.matchAll(/^(0x[0-9a-f]+): proto=tcpv[46] src=\S*:(\d+) /gm), ([, id = "", port]) => ({
    id,
    remotePort: Number(port),
  }));
}

export type MasterState = {
  readonly reloads: number;
  readonly failedReloads: number;
  readonly workers: readonly number[];
  readonly oldWorkers: readonly number[];
};

/** From `show proc` of the master socket. */
export function readMaster(showProc: string): MasterState | undefined {
  const [, reloads, failed] = /^\d+\s+master\s+(\d+)(?:\s+\[failed: (\d+)\])?/m.exec(showProc) ?? [];
  if (reloads === undefined) return undefined;
  const [current = "", old = ""] = showProc.split(/^# old workers$/m);
  return {
    reloads: Number(reloads),
    failedReloads: Number(failed ?? 0),
    workers: workersIn(current),
    oldWorkers: workersIn(old),
  };
}

function workersIn(text: string): readonly number[] {
  return Array.from(text.matchAll(/^(\d+)\s+worker\s/gm), ([, pid]) => Number(pid));
}
