import type { ActivationView, CaSetView, VersionView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { ApiClient } from "../client/api-client.ts";
import { awaitActivation } from "../deployment/await-activation.ts";
import { networkName } from "../deployment/network-option.ts";
import type { DemoPki } from "./demo-pki.ts";
import type { DemoReport } from "./demo-report.ts";
import { describeAnswer, isAccepted, isRefused } from "./describe-answer.ts";
import { askOnce, type ClientIdentity, type EdgeAddress } from "./mtls-client.ts";

/** What every step of the demo works with. */
export type Journey = {
  readonly client: ApiClient;
  readonly edges: Readonly<Record<Network, EdgeAddress>>;
  readonly pki: DemoPki;
  readonly report: DemoReport;
  readonly now: () => number;
  /** Of the set that the demo makes, unlike any other. */
  readonly caSetName: string;
  readonly hostname: string;
};

const deploymentMs = 120_000;

/** Creates a version of these certificates and shows what became of it. */
export async function upload(
  { client, report }: Journey,
  caSet: CaSetView,
  pems: readonly string[],
  description: string,
): Promise<VersionView> {
  const certificates = pems.map((certificatePem) => ({ certificatePem }));
  const { value, tookMs } = await report.timed(() =>
    client.call("createVersion", { params: caSet, body: { description, certificates } }),
  );
  const held = value.certificates?.length === pems.length;
  report.check(`version ${value.version} is made of ${pems.length} certificates`, held, description, tookMs);
  return value;
}

/** Activates or deactivates, waits for the end, and expects COMPLETE with every node's proof. */
export async function carryOut(
  { client, report, now }: Journey,
  begin: () => Promise<ActivationView>,
): Promise<ActivationView> {
  const { value, tookMs } = await report.timed(async () => {
    const until = now() + deploymentMs;
    return awaitActivation(client, await begin(), { until, now, onProgress: () => undefined });
  });
  const { activation, nodes } = value;
  const states = nodes.map(({ nodeId, state }) => `${nodeId} ${state}`).join(", ");
  const isProved = nodes.length > 0 && nodes.every(({ state, requiredLevel }) => state === requiredLevel);
  const held = activation.activationStatus === "COMPLETE" && isProved;
  const verb = activation.activationType === "ACTIVATE" ? "serves" : "has let go of";
  const observed = `${activation.activationStatus}, ${states}${activation.failureReason ? `: ${activation.failureReason}` : ""}`;
  report.check(`${networkName[activation.network]} ${verb} version ${activation.version}`, held, observed, tookMs);
  return activation;
}

export type Attempt = {
  readonly network: Network;
  readonly hostname: string;
  readonly identity: ClientIdentity | undefined;
};

export async function expectAccepted({ edges, report }: Journey, who: string, attempt: Attempt): Promise<void> {
  const { network, hostname, identity } = attempt;
  const { value: answer, tookMs } = await report.timed(() => askOnce(edges[network], hostname, identity));
  report.check(`${who} is accepted`, isAccepted(answer), describeAnswer(answer), tookMs);
}

export async function expectRefused({ edges, report }: Journey, who: string, attempt: Attempt): Promise<void> {
  const { network, hostname, identity } = attempt;
  const { value: answer, tookMs } = await report.timed(() => askOnce(edges[network], hostname, identity));
  report.check(`${who} is refused`, isRefused(answer), describeAnswer(answer), tookMs);
}
