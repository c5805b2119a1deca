import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { renderPem } from "@tcm/core";

/** More than any control plane shows. */
const maxShown = 5;

/**
 * The CA certificate of that hash among those that are shown at the address, PEM; undefined when it is none of them. Nothing is
 * sent, and nothing else of what is shown there is believed: the hash alone says whom to trust. Throws when nothing answers.
 */
export async function fetchPinnedCa(url: URL, sha256: string, timeoutMs: number): Promise<string | undefined> {
  const socket = connect({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port),
    minVersion: "TLSv1.3",
    ALPNProtocols: ["h2"],
    rejectUnauthorized: false,
  });
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(timeoutMs) });
    return shownCertificates(socket.getPeerCertificate(true))
      .filter((der) => createHash("sha256").update(der).digest("hex") === sha256)
      .map((der) => renderPem(der))[0];
  } finally {
    socket.on("error", () => undefined);
    socket.destroy();
  }
}

/** A self-signed one names itself as its issuer. */
function shownCertificates(first: DetailedPeerCertificate): readonly Uint8Array[] {
  const shown: Uint8Array[] = [];
  let next: DetailedPeerCertificate | undefined = first;
  for (let i = 0; i < maxShown && next?.raw !== undefined; i++) {
    shown.push(new Uint8Array(next.raw));
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return shown;
}
