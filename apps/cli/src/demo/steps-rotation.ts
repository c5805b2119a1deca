import { setImmediate as nextTurn } from "node:timers/promises";
import type { CaSetView } from "@tcm/api-contract";
import { describeAnswer, isAccepted, isRefused } from "./describe-answer.ts";
import { carryOut, expectAccepted, expectRefused, type Journey, upload } from "./journey.ts";
import { askOnce, type ClientConnection, connectClient } from "./mtls-client.ts";
import { keepAsking } from "./steady-client.ts";

const tlsVersions = ["TLSv1.2", "TLSv1.3"] as const;

/** Both CAs are trusted for as long as clients move from one to the other. */
export async function rotateWithOverlap(journey: Journey, caSet: CaSetView): Promise<void> {
  const { client, pki, report, hostname } = journey;
  report.step("Rotate: add the partner's new CA beside the old one");
  const pems = [pki.oldRoot, pki.oldIssuing, pki.newRoot, pki.newIssuing].map(({ pem }) => pem);
  const { version } = await upload(journey, caSet, pems, "the CAs of 2019 and 2026");
  await expectRefused(journey, "a client of the new CA, before,", before(journey));
  await carryOut(journey, () =>
    client.call("activateVersion", { params: { ...caSet, version }, body: { network: "STAGING" } }),
  );
  await carryOut(journey, () =>
    client.call("activateVersion", { params: { ...caSet, version }, body: { network: "PRODUCTION" } }),
  );
  await expectAccepted(journey, "a client of the old CA", { network: "PRODUCTION", hostname, identity: pki.oldClient });
  await expectAccepted(journey, "a client of the new CA", { network: "PRODUCTION", hostname, identity: pki.newClient });
}

function before({ hostname, pki }: Journey) {
  return { network: "PRODUCTION", hostname, identity: pki.newClient } as const;
}

/** The heart of it: removed trust is gone everywhere before the deployment says so, and nobody else notices. */
export async function removeOldCa(journey: Journey, caSet: CaSetView): Promise<void> {
  const { client, pki, report, hostname, edges, now } = journey;
  report.step("Remove the old CA, with clients of both connected");
  const { version } = await upload(journey, caSet, [pki.newRoot.pem, pki.newIssuing.pem], "the CA of 2026 alone");
  await carryOut(journey, () =>
    client.call("activateVersion", { params: { ...caSet, version }, body: { network: "STAGING" } }),
  );

  const old = await openConnections(journey);
  const steady = keepAsking(connectClient(edges.PRODUCTION, hostname, pki.newClient));
  let closedAt: number | undefined;
  void old.open.closed.then(() => (closedAt = now()));
  await carryOut(journey, () =>
    client.call("activateVersion", { params: { ...caSet, version }, body: { network: "PRODUCTION" } }),
  );
  // What the network has delivered by now is taken in before we look.
  await nextTurn();
  const words = closedAt === undefined ? "still open" : "closed by the edge";
  report.check("the old client's open connection was closed before COMPLETE", closedAt !== undefined, words);
  await expectRefused(journey, "the old client, connecting afresh,", {
    network: "PRODUCTION",
    hostname,
    identity: pki.oldClient,
  });
  for (const tlsVersion of tlsVersions) await expectNoResumption(journey, tlsVersion, old.sessions[tlsVersion]);
  const { answered, failure } = await steady.stop();
  const seen = failure ?? `${answered} requests answered on one connection`;
  report.check("the new client never noticed", failure === undefined && answered > 0, seen);
  old.open.close();
}

type OldConnections = {
  readonly open: ClientConnection;
  readonly sessions: Readonly<Partial<Record<(typeof tlsVersions)[number], Buffer | undefined>>>;
};

/** One connection to be cut, and a session of each TLS version to try a resumption with. */
async function openConnections({ edges, hostname, pki, report }: Journey): Promise<OldConnections> {
  const open = connectClient(edges.PRODUCTION, hostname, pki.oldClient);
  const answer = await open.get("/");
  report.check("the old client is connected and keeps its connection", isAccepted(answer), describeAnswer(answer));
  const sessions: Partial<Record<(typeof tlsVersions)[number], Buffer | undefined>> = {};
  for (const tlsVersion of tlsVersions) {
    const connection = connectClient(edges.PRODUCTION, hostname, pki.oldClient, { tlsVersion });
    await connection.get("/");
    sessions[tlsVersion] = connection.session();
    connection.close();
  }
  return { open, sessions };
}

async function expectNoResumption(
  { edges, hostname, pki, report }: Journey,
  tlsVersion: (typeof tlsVersions)[number],
  session: Buffer | undefined,
): Promise<void> {
  const options = { tlsVersion, session };
  const { value: answer, tookMs } = await report.timed(() =>
    askOnce(edges.PRODUCTION, hostname, pki.oldClient, options),
  );
  const words = `${describeAnswer(answer)}${session === undefined ? ", no session had been handed out" : ""}`;
  report.check(`the old client, resuming its ${tlsVersion} session, is refused`, isRefused(answer), words, tookMs);
}

/** Old content under a new generation. */
export async function rollBack(journey: Journey, caSet: CaSetView): Promise<void> {
  const { client, pki, report, hostname } = journey;
  report.step("Roll production back to the version before");
  await carryOut(journey, () =>
    client.call("activateVersion", { params: { ...caSet, version: 2 }, body: { network: "PRODUCTION" } }),
  );
  await expectAccepted(journey, "the old client", { network: "PRODUCTION", hostname, identity: pki.oldClient });
  await expectAccepted(journey, "the new client", { network: "PRODUCTION", hostname, identity: pki.newClient });
}
