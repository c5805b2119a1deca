import type { NodeIdentity } from "@tcm/api-contract";
import type { UnixMillis } from "@tcm/core";
import { createCertificateRequest, generateKeyPair, privateKeyPem } from "@tcm/node-crypto";
import { type AgentLog, logged } from "../agent-log.ts";
import { words } from "../start-error.ts";
import { readCertificate, type Validity } from "./node-certificate.ts";

export type CurrentIdentityOptions = {
  readonly identity: NodeIdentity;
  /** Resolves when it is on disk. */
  readonly saveIdentity: (identity: NodeIdentity) => Promise<void>;
  readonly clock: () => UnixMillis;
  readonly random: () => number;
  readonly log: AgentLog;
};

/** Asks for a certificate with a PKCS#10 request, DER in base64; answers PEM. */
export type AskForCertificate = (certificateRequest: string) => Promise<string>;

/** Whatever kept it from being renewed is likely to last longer than a moment, and there is half a life left. */
const retryMs = 60_000;
const warnBeforeEndMs = 24 * 3_600_000;

/** Who this node is: as it was enrolled, with the newest certificate that it was given. */
export class CurrentIdentity {
  readonly #options: CurrentIdentityOptions;
  #identity: NodeIdentity;
  #validity: Validity | undefined;
  #renewAt: UnixMillis;
  #isRenewing = false;

  constructor(options: CurrentIdentityOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#validity = readCertificate(options.identity);
    this.#renewAt = this.#halfLife();
  }

  get(): NodeIdentity {
    return this.#identity;
  }

  /** Said before each attempt to connect: an operator has to do something, and what is served is served on. */
  sayWhenExpired(): void {
    const { clock, log } = this.#options;
    const notAfter = this.#validity?.notAfter ?? 0;
    if (clock() <= notAfter) return;
    const fields = { nodeId: this.#identity.nodeId, notAfter: new Date(notAfter).toISOString() };
    const remedy = 'make a join token with "tcm edge token", and run "enrol --replace" with it; or mend the clock';
    log.error(fields, `the certificate of this node has run out: ${remedy}`);
  }

  /** Called whenever the control plane is heard: costs nothing until half of the certificate's life is over. */
  async renewWhenDue(ask: AskForCertificate): Promise<void> {
    const { clock, log } = this.#options;
    if (this.#isRenewing || clock() < this.#renewAt) return;
    this.#isRenewing = true;
    try {
      await this.#renew(ask);
      log.info({ notAfter: new Date(this.#validity?.notAfter ?? 0).toISOString() }, "certificate renewed");
    } catch (error) {
      this.#renewAt = clock() + retryMs * (1 + this.#options.random());
      const isUrgent = clock() > (this.#validity?.notAfter ?? 0) - warnBeforeEndMs;
      log[isUrgent ? "error" : "warn"]({ reason: logged(words(error)) }, "the certificate could not be renewed yet");
    } finally {
      this.#isRenewing = false;
    }
  }

  /** A new key each time. The old certificate stays good, so that nothing is lost when this ends halfway. */
  async #renew(ask: AskForCertificate): Promise<void> {
    const pair = generateKeyPair("p256");
    const certificate = await ask(Buffer.from(createCertificateRequest(pair)).toString("base64"));
    const renewed = { ...this.#identity, certificate, privateKey: privateKeyPem(pair.privateKey) };
    const validity = readCertificate(renewed);
    if (validity === undefined) throw new Error("the answer is not a certificate of this node for the new key");
    await this.#options.saveIdentity(renewed);
    this.#identity = renewed;
    this.#validity = validity;
    this.#renewAt = this.#halfLife();
  }

  /** Spread over a tenth of the life, so that nodes that were enrolled together do not all come at once. */
  #halfLife(): UnixMillis {
    const { notBefore, notAfter } = this.#validity ?? { notBefore: 0, notAfter: 0 };
    return notBefore + (notAfter - notBefore) * (0.5 + 0.1 * this.#options.random());
  }
}
