import type { CaSetView, EdgeCertificateView } from "@tcm/api-contract";
import { renderTree, trialHostname } from "@tcm/core";
import { itemCode } from "../client/problem-text.ts";
import { ApiProblem } from "@tcm/api-contract";
import { awaitEdgeCertificate } from "../edge-certificate/await-edge-certificate.ts";
import { carryOut, expectAccepted, expectRefused, type Journey, upload } from "./journey.ts";

/** What people upload by mistake: every mistake is named, and nothing is written. */
export async function refuseBadUpload({ client, pki, report, caSetName }: Journey): Promise<void> {
  report.step("A bad upload is refused, with every reason at once");
  const leaf = pki.oldClient.chainPem.slice(0, pki.oldClient.chainPem.indexOf(pki.oldIssuing.pem));
  const mistakes = [pki.oldRoot.pem, leaf, pki.expiredRoot.pem, pki.oldClient.privateKeyPem, pki.newIssuing.pem];
  report.note("a root, a client's certificate, an expired root, a private key, and a CA without its root");
  const expected = ["not-a-ca-certificate", "expired-certificate", "unexpected-pem-block", "issuer-not-in-set"];
  const certificates = mistakes.map((certificatePem) => ({ certificatePem }));
  const { value, tookMs } = await report.timed(() =>
    client.call("validateCertificates", { body: { certificates } }).catch((error: unknown) => error),
  );
  const found = new Set(value instanceof ApiProblem ? (value.problem.errors ?? []).map(itemCode) : []);
  const held = expected.every((code) => found.has(code));
  report.check("all of it is named", held, [...found].join(", ") || "nothing was found", tookMs);
  const { caSets } = await client.call("listCaSets", { query: { caSetNamePrefix: caSetName } });
  report.check(
    "nothing was written",
    caSets.length === 0,
    caSets.length === 0 ? "no CA set was made" : "a set was made",
  );
}

export async function createFirstVersion(journey: Journey): Promise<CaSetView> {
  const { client, pki, report, caSetName } = journey;
  report.step("A CA set of the partner's present CA");
  const caSet = await client.call("createCaSet", { body: { caSetName, description: "Made by tcm demo" } });
  const version = await upload(journey, caSet, [pki.oldRoot.pem, pki.oldIssuing.pem], "the CA of 2019");
  const tree = renderTree(await client.call("getTrustChains", { params: version }));
  for (const line of tree.trimEnd().split("\n")) report.note(line);
  return caSet;
}

/** The trial hostname lets a set be tried before anything depends on it. */
export async function tryOnStaging(journey: Journey, caSet: CaSetView): Promise<void> {
  const { client, pki, report } = journey;
  const hostname = trialHostname(caSet.caSetId);
  report.step("Deploy to staging, and try it there with real TLS handshakes");
  report.note(`https://${hostname} on ${journey.edges.STAGING.host}:${journey.edges.STAGING.port}`);
  await carryOut(journey, () =>
    client.call("activateVersion", { params: { ...caSet, version: 1 }, body: { network: "STAGING" } }),
  );
  await expectAccepted(journey, "the partner's client", { network: "STAGING", hostname, identity: pki.oldClient });
  await expectRefused(journey, "a stranger's client", { network: "STAGING", hostname, identity: pki.stranger });
  await expectRefused(journey, "a client without a certificate", { network: "STAGING", hostname, identity: undefined });
  const onProduction = { network: "PRODUCTION", hostname, identity: pki.oldClient } as const;
  await expectRefused(journey, "the partner's client on production, where nothing is deployed yet,", onProduction);
}

export async function goToProduction(journey: Journey, caSet: CaSetView): Promise<void> {
  const { client, pki, report } = journey;
  const hostname = trialHostname(caSet.caSetId);
  report.step("Promote the same version to production");
  await carryOut(journey, () =>
    client.call("activateVersion", { params: { ...caSet, version: 1 }, body: { network: "PRODUCTION" } }),
  );
  await expectAccepted(journey, "the partner's client", { network: "PRODUCTION", hostname, identity: pki.oldClient });
}

/** From now on the clients of a hostname must show a certificate that the set accepts. */
export async function bindHostname(journey: Journey, caSet: CaSetView): Promise<EdgeCertificateView> {
  const { client, pki, report, hostname, now } = journey;
  report.step(`Bind ${hostname} to the set`);
  const clientAuthentication = { caSetId: caSet.caSetId, mode: "deny", sendCaListToClient: false } as const;
  const created = await client.call("createEdgeCertificate", { body: { hostnames: [hostname], clientAuthentication } });
  const { value, tookMs } = await report.timed(() => awaitEdgeCertificate(client, created, now() + 60_000, now));
  const { staging, production } = value;
  const held = staging.status === "COMPLETE" && production.status === "COMPLETE";
  report.check("both networks serve it", held, `staging ${staging.status}, production ${production.status}`, tookMs);
  await expectAccepted(journey, "the partner's client", { network: "PRODUCTION", hostname, identity: pki.oldClient });
  await expectRefused(journey, "a stranger's client", { network: "PRODUCTION", hostname, identity: pki.stranger });
  await expectInUse(journey, caSet);
  return created;
}

async function expectInUse({ client, report }: Journey, { caSetId }: CaSetView): Promise<void> {
  const refusal = await client
    .call("deactivateVersion", { params: { caSetId, version: 1 }, body: { network: "PRODUCTION" } })
    .catch((error: unknown) => error);
  const code = refusal instanceof ApiProblem ? refusal.code : "it was not refused";
  report.check("the set cannot be taken away while it is used", code === "ca-set-in-use-by-enrollments", code);
}
