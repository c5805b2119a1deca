import { connect } from "node:net";
import type { ProbeTarget } from "./probe-anchor.ts";
import { clientHello, type ResumptionOffer, readServerHello } from "./server-hello.ts";

const timeoutMs = 5_000;
const maxAnswer = 20_000;

/**
 * Whether a live listener would let its sessions be resumed, whatever stands in a configuration that it may not have read:
 * a server of TLS 1.2 says so before it has seen any certificate, and the engines have one setting for both versions.
 * Undefined for a listener that does not speak TLS 1.2, or does not answer.
 */
export function resumptionOffer({ host, port, serverName }: ProbeTarget): Promise<ResumptionOffer | undefined> {
  const { promise, resolve } = Promise.withResolvers<ResumptionOffer | undefined>();
  const socket = connect({ host, port });
  let answer = Buffer.alloc(0);
  const end = (offer?: ResumptionOffer) => {
    resolve(offer);
    socket.destroy();
  };
  socket.setTimeout(timeoutMs, () => end());
  socket.on("connect", () => socket.write(clientHello(serverName)));
  socket.on("data", (chunk: Buffer) => {
    answer = Buffer.concat([answer, chunk]);
    const offer = readServerHello(answer);
    if (offer !== undefined || answer.length > maxAnswer) end(offer ?? undefined);
  });
  socket.on("error", () => end());
  socket.on("close", () => end());
  return promise;
}

/** The first of the listeners that offers resumption, in words; undefined when none does. */
export async function offeredResumption(targets: readonly ProbeTarget[]): Promise<string | undefined> {
  for (const target of targets) {
    const offer = await resumptionOffer(target);
    const what = offer?.tickets ? "tickets" : offer?.sessionIds ? "sessions" : undefined;
    if (what !== undefined) return `${target.host}:${target.port} hands out ${what}: they skip the client certificate`;
  }
  return undefined;
}
