import { once } from "node:events";
import { connect, type SecureVersion, type TLSSocket } from "node:tls";
import type { ProbeTarget } from "./probe-anchor.ts";

export type ProbeClient = { readonly chainPem: string; readonly privateKeyPem: string };

export type ResumptionProbe = {
  /** What the listener handed out; undefined when it handed out nothing that could be resumed. */
  readonly session: Buffer | undefined;
  /** Whether a client that has nothing but the session is still let in, its certificate looked at or not. */
  resumes(): Promise<boolean>;
};

const timeoutMs = 5_000;

/**
 * Takes a session while the client is trusted, to be tried when it is no longer: a session that is resumed skips the client's
 * certificate (edges.md §0.1). Throws when the client is not let in to begin with.
 */
export async function takeSession(
  target: ProbeTarget,
  client: ProbeClient,
  version: Extract<SecureVersion, "TLSv1.2" | "TLSv1.3">,
): Promise<ResumptionProbe> {
  const options = {
    host: target.host,
    port: target.port,
    servername: target.serverName,
    cert: client.chainPem,
    key: client.privateKeyPem,
    rejectUnauthorized: false,
    minVersion: version,
    maxVersion: version,
  } as const;
  const socket = connect(options);
  let session: Buffer | undefined;
  socket.on("session", (latest: Buffer) => (session = latest));
  const { text } = await exchange(socket, target.serverName);
  if (!isLetIn(text)) throw new Error(`the client is not let in: ${text.slice(0, 80)}`);
  return {
    session,
    async resumes() {
      if (session === undefined) return false;
      const again = await exchange(connect({ ...options, session }), target.serverName).catch(() => undefined);
      return again !== undefined && again.isReused && isLetIn(again.text);
    },
  };
}

type Exchange = { readonly text: string; readonly isReused: boolean };

async function exchange(socket: TLSSocket, serverName: string): Promise<Exchange> {
  let text = "";
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error("no answer in time")));
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  try {
    await once(socket, "secureConnect");
    const isReused = socket.isSessionReused();
    socket.write(`GET / HTTP/1.1\r\nHost: ${serverName}\r\nConnection: close\r\n\r\n`);
    await once(socket, "end");
    return { text, isReused };
  } finally {
    socket.destroy();
  }
}

/** Whatever the upstream says: it was asked. */
function isLetIn(answer: string): boolean {
  return /^HTTP\/1\.1 [2345]\d\d /.test(answer) && !/^HTTP\/1\.1 4(?:00|03|95|96)\b/.test(answer);
}
