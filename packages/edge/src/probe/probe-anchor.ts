import { connect } from "node:tls";
import type { Certificate, UnixSeconds } from "@tcm/core";
import type { EngineListener } from "../trust-files/trust-file-driver.ts";
import { forgeLeaf } from "./forged-leaf.ts";

/** `unclear` never counts as a proof, of either. */
export type ProbeVerdict = {
  readonly anchor: "present" | "absent" | "unclear";
  /** What the engine said, in its words. */
  readonly detail: string;
};

export type ProbeTarget = Pick<EngineListener, "host" | "port" | "serverName">;

/** What came of a handshake: the code of the error that ended it, and what was read before. */
export type ProbeAnswer = { readonly errorCode: string | undefined; readonly text: string };

/** How one engine tells the two outcomes of a forged leaf apart. */
export type ReadProbe = (answer: ProbeAnswer) => ProbeVerdict;

const timeoutMs = 5_000;
const maxAnswer = 16_384;

/** Asks a live listener whether it trusts the anchor, without any key of the anchor's. Adds nothing to what it trusts. */
export async function probeAnchor(
  target: ProbeTarget,
  anchor: Certificate,
  now: UnixSeconds,
  read: ReadProbe,
): Promise<ProbeVerdict> {
  const leaf = forgeLeaf(anchor, now);
  if (leaf === undefined) return { anchor: "unclear", detail: "no leaf can be forged for this kind of key" };
  return read(await present(target, leaf.certificatePem, leaf.privateKeyPem));
}

/** The listener is not authenticated: nothing is sent to it that is secret, and the operator named its address. */
function present({ host, port, serverName }: ProbeTarget, cert: string, key: string): Promise<ProbeAnswer> {
  const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
  const socket = connect({ host, port, servername: serverName, cert, key, rejectUnauthorized: false });
  let text = "";
  const end = (errorCode: string | undefined) => {
    resolve({ errorCode, text });
    socket.destroy();
  };
  socket.setTimeout(timeoutMs, () => end("ETIMEDOUT"));
  socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  socket.on("secureConnect", () => socket.write(`GET / HTTP/1.1\r\nHost: ${serverName}\r\nConnection: close\r\n\r\n`));
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    if (text.length > maxAnswer) end(undefined);
  });
  socket.on("close", () => end(undefined));
  return promise;
}
