import { describeAnswer, isAccepted } from "./describe-answer.ts";
import type { ClientConnection } from "./mtls-client.ts";

export type SteadyResult = { readonly answered: number; readonly failure: string | undefined };

/** A client that keeps asking on one connection, as those do whose service must never notice a deployment. */
export type SteadyClient = {
  /** Ends after the request that is under way; says how it went. */
  stop(): Promise<SteadyResult>;
};

export function keepAsking(connection: ClientConnection): SteadyClient {
  let isStopping = false;
  let isClosed = false;
  void connection.closed.then(() => (isClosed = true));
  const run = async (): Promise<SteadyResult> => {
    for (let answered = 0; ; answered++) {
      const answer = await connection.get("/");
      if (!isAccepted(answer)) return { answered, failure: describeAnswer(answer) };
      // A new connection would hide that the old one was cut.
      if (isClosed) return { answered, failure: "the connection was closed" };
      if (isStopping) return { answered: answered + 1, failure: undefined };
    }
  };
  const running = run();
  return {
    stop: async () => {
      isStopping = true;
      const result = await running;
      connection.close();
      return result;
    },
  };
}
