import { renderPem } from "@tcm/core";
import { createSecureContext, type SecureContext } from "node:tls";
import { advertisedAnchors, type ServedSet } from "../served/served-state.ts";
import type { ServerCertificate, ServerCertificates } from "./server-certificate.ts";
import type { Site } from "../served/site.ts";
import { tlsPolicy } from "./tls-policy.ts";

/** A context that advertises 300 names takes 1.7 MB: edges.md §3.3. */
const maxContexts = 512;

type KeptContext = {
  readonly context: SecureContext;
  readonly certificate: ServerCertificate;
  readonly advertised: ServedSet | undefined;
};

/** One TLS context per hostname, made when first needed and again when its certificate or its advertised names change. */
export class TlsContexts {
  readonly #certificates: ServerCertificates;
  readonly #kept = new Map<string, KeptContext>();

  constructor(certificates: ServerCertificates) {
    this.#certificates = certificates;
  }

  /** Throws, in words for the operator, when the hostname cannot be served. */
  contextFor(site: Site): SecureContext {
    const certificate = this.#certificates.certificateFor(site.hostname);
    if (certificate === undefined) throw new Error(`there is no server certificate for ${site.hostname}`);
    const advertised = site.sendCaListToClient ? site.set : undefined;
    const kept = this.#kept.get(site.hostname);
    this.#kept.delete(site.hostname);
    const isCurrent = kept !== undefined && kept.certificate === certificate && kept.advertised === advertised;
    const used = isCurrent ? kept : { context: makeContext(certificate, advertised), certificate, advertised };
    this.#keep(site.hostname, used);
    return used.context;
  }

  /** The map is in the order of last use. */
  #keep(hostname: string, context: KeptContext): void {
    this.#kept.set(hostname, context);
    if (this.#kept.size <= maxContexts) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** `ca` is only a list of names to advertise, and never left out: without it Node would load the public roots. */
function makeContext({ certificatePem, privateKeyPem }: ServerCertificate, advertised: ServedSet | undefined) {
  const ca = advertised === undefined ? [] : advertisedAnchors(advertised).map(({ der }) => renderPem(der));
  return createSecureContext({ ...tlsPolicy, cert: certificatePem, key: privateKeyPem, ca });
}
