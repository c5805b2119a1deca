import type { Instance } from "./instance.ts";
import { KeptConnection } from "./kept-connection.ts";
import type { OpensslCertificate } from "./openssl-pki.ts";

export type SteadyOptions = {
  readonly instance: Instance;
  readonly hostname: string;
  readonly client: OpensslCertificate;
  readonly pauseMs?: number;
  /** All requests on one connection, which nobody may close. */
  readonly keepsConnection?: true;
};

/** The status of an answer, "closed", or the words of a handshake that failed. */
export type SteadyAnswer = number | string;

/** Requests at one staging edge, one after the other, each with a handshake of its own unless it keeps its connection, until it is stopped. */
export class SteadyClient {
  readonly instance: Instance;
  /** Where the answer was another one than before, with when it came. */
  readonly changes: { readonly answer: SteadyAnswer; readonly at: number }[] = [];
  asked = 0;
  #isWanted = true;
  readonly #running: Promise<void>;
  readonly #first = Promise.withResolvers<void>();

  constructor(options: SteadyOptions) {
    this.instance = options.instance;
    this.#running = this.#run(options);
  }

  /** Resolves when there was an answer: what is done then is a change of it. */
  get hasAnswered(): Promise<void> {
    return this.#first.promise;
  }

  /** Resolves when the last answer has come. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    await this.#running;
  }

  /** Every answer that there was, in the order in which they changed. */
  get answers(): readonly SteadyAnswer[] {
    return this.changes.map(({ answer }) => answer);
  }

  async #run({ instance, hostname, client, pauseMs = 50, keepsConnection }: SteadyOptions): Promise<void> {
    const kept = keepsConnection && (await KeptConnection.open({ instance, network: "STAGING", hostname, client }));
    while (this.#isWanted) {
      const answer = await (kept?.get() ?? askOnce(instance, hostname, client));
      if (answer !== this.changes.at(-1)?.answer) this.changes.push({ answer, at: Date.now() });
      this.asked += 1;
      this.#first.resolve();
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
    kept?.close();
  }
}

/** One handshake and one request at the staging edge. */
export async function askOnce(instance: Instance, hostname: string, client: OpensslCertificate): Promise<SteadyAnswer> {
  return KeptConnection.open({ instance, network: "STAGING", hostname, client }).then(
    (connection) => connection.get().finally(() => connection.close()),
    (error: unknown) => String(error),
  );
}
