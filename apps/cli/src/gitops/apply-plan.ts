import type { ActivationView, EdgeCertificateView } from "@tcm/api-contract";
import type { TrustOpening } from "@tcm/core";
import type { ApiClient } from "../client/api-client.ts";
import { findCaSet, type VersionPath } from "../client/find-ca-set.ts";
import { CommandFailure } from "../command-failure.ts";
import { listActivations, stoppedOnFirstNode } from "../deployment/list-activations.ts";
import { networkName } from "../deployment/network-option.ts";
import { exitCode } from "../output/exit-code.ts";
import type { DesiredCaSet, DesiredEdgeCertificate } from "./desired-state.ts";
import type { Plan, Step } from "./plan.ts";
import { wasStopped, whyStopped } from "./stopped-text.ts";
import { isEqual } from "./version-equality.ts";

/** How the steps reach the world; waiting shows the way there and answers how it ended. */
export type ApplyPorts = {
  readonly client: ApiClient;
  readonly awaitActivation: (started: ActivationView) => Promise<ActivationView>;
  readonly awaitEdgeCertificate: (started: EdgeCertificateView) => Promise<EdgeCertificateView>;
};

export type StepResult = {
  readonly step: Step;
  /** `begun`: it was the last step, and nobody waited for its end. */
  readonly outcome: "done" | "begun" | "failed" | "not-attempted";
  readonly error?: unknown;
};

/**
 * Carries the steps out in their order and stops at the first that fails, since later ones build on it. Never throws: the
 * caller always learns what became of every step. `isWaiting` waits for the end of the last one as well.
 */
export async function applyPlan(
  { steps }: Plan,
  ports: ApplyPorts,
  isWaiting: boolean,
): Promise<readonly StepResult[]> {
  const run = openRun(ports);
  const results: StepResult[] = [];
  for (const [i, step] of steps.entries()) {
    if (results.at(-1)?.outcome === "failed" || results.at(-1)?.outcome === "not-attempted") {
      results.push({ step, outcome: "not-attempted" });
      continue;
    }
    try {
      results.push({ step, outcome: await run(step, isWaiting || i < steps.length - 1) });
    } catch (error) {
      results.push({ step, outcome: "failed", error });
    }
  }
  return results;
}

type StepOf<K extends Step["kind"]> = Extract<Step, { readonly kind: K }>;
type Run = (step: Step, mustWait: boolean) => Promise<"done" | "begun">;

function openRun(ports: ApplyPorts): Run {
  const { client } = ports;
  const made = new Map<string, KnownVersion>();
  return async (step, mustWait) => {
    switch (step.kind) {
      case "create-set":
        await createSet(client, step.set);
        return "done";
      case "create-version":
        made.set(step.set.name, await createVersion(client, step.set));
        return "done";
      case "activate":
        return activate(ports, step, made.get(step.set.name), mustWait);
      case "follow":
        return endOf(ports, step.activation, mustWait);
      case "stopped":
        throw stopped(step.by);
      case "deactivate":
        return deactivate(ports, step, mustWait);
      case "create-edge":
        return follow(ports, await createEdge(client, step), mustWait);
      case "change-edge":
        return follow(ports, await changeEdge(client, step), mustWait);
      case "delete-edge":
        await client.call("deleteEdgeCertificate", { params: step, ...confirmed(step) });
        return "done";
      case "describe-set":
        await client.call("renameCaSet", {
          params: await findCaSet(client, step.name),
          body: { description: step.to },
        });
        return "done";
      case "delete-set":
        await client.call("deleteCaSet", { params: await findCaSet(client, step.name) });
        return "done";
    }
  };
}

function createSet(client: ApiClient, { name: caSetName, description }: DesiredCaSet) {
  return client.call("createCaSet", { body: { caSetName, ...(description !== undefined && { description }) } });
}

/** A version that holds what the document says, and its ETag as long as it does. */
type KnownVersion = { readonly version: number; readonly ifMatch?: string };

async function createVersion(client: ApiClient, { name, options, entries }: DesiredCaSet): Promise<KnownVersion> {
  const request = { ...options, certificates: [...entries], description: "tcm apply" };
  const params = await findCaSet(client, name);
  const { body, etag } = await client.send("createVersion", { params, body: request });
  return { version: body.version, ...(etag !== undefined && { ifMatch: etag }) };
}

/** Of what the plan has found; somebody may have edited it while the plan was looked at. */
async function stillWanted(client: ApiClient, set: DesiredCaSet, params: VersionPath): Promise<KnownVersion> {
  const { body, etag } = await client.send("getVersion", { params });
  if (!isEqual(set, body)) {
    const what = `${set.name}@${params.version}`;
    throw new CommandFailure(exitCode.problem, `${what} was edited since the plan was made. Nothing was deployed.`);
  }
  return { version: params.version, ...(etag !== undefined && { ifMatch: etag }) };
}

/** Guarded by its ETag: what is deployed is what the document says, whoever edits it meanwhile. */
async function activate(
  ports: ApplyPorts,
  { set, network, version: found }: StepOf<"activate">,
  made: KnownVersion | undefined,
  mustWait: boolean,
): Promise<"done" | "begun"> {
  const { client } = ports;
  const { caSetId } = await findCaSet(client, set.name);
  const known = found === undefined ? made : await stillWanted(client, set, { caSetId, version: found });
  if (known === undefined) throw new Error(`no version of ${set.name} was made before it is activated`);
  const { version, ...guard } = known;
  const started = await client.call("activateVersion", { params: { caSetId, version }, body: { network }, ...guard });
  return endOf(ports, started, mustWait);
}

async function deactivate(
  ports: ApplyPorts,
  { name, network, version }: StepOf<"deactivate">,
  mustWait: boolean,
): Promise<"done" | "begun"> {
  const { caSetId } = await findCaSet(ports.client, name);
  const done = await listActivations(ports.client, { caSetId });
  const by = stoppedOnFirstNode(network, done, ({ activationType }) => activationType === "DEACTIVATE");
  if (by !== undefined) throw stopped(by);
  const started = await ports.client.call("deactivateVersion", { params: { caSetId, version }, body: { network } });
  return endOf(ports, started, mustWait);
}

function stopped(by: ActivationView): CommandFailure {
  const sentence = `${networkName[by.network]}: nothing was changed, since ${wasStopped(by)}.`;
  return new CommandFailure(exitCode.refused, [sentence, ...whyStopped(by)].join("\n"));
}

async function endOf(
  { awaitActivation }: ApplyPorts,
  started: ActivationView,
  mustWait: boolean,
): Promise<"done" | "begun"> {
  const { activationStatus, failureReason } = mustWait ? await awaitActivation(started) : started;
  if (activationStatus === "COMPLETE") return "done";
  if (activationStatus === "FAILED")
    throw new CommandFailure(exitCode.refused, failureReason ?? "The deployment failed.");
  if (!mustWait) return "begun";
  throw new CommandFailure(exitCode.undetermined, "The wait ended before the deployment did.");
}

async function bindingOf(client: ApiClient, { caSet, mode, sendCaListToClient }: DesiredEdgeCertificate) {
  return { caSetId: (await findCaSet(client, caSet)).caSetId, mode, sendCaListToClient };
}

/** What the plan said that it opens was agreed to; anything else that would open is refused by the server. */
function confirmed({ openings }: { readonly openings: readonly TrustOpening[] }) {
  return openings.length === 0 ? {} : { query: { confirm: true } };
}

async function createEdge(client: ApiClient, step: StepOf<"create-edge">): Promise<EdgeCertificateView> {
  const { edge } = step;
  const body = { hostnames: [...edge.hostnames], clientAuthentication: await bindingOf(client, edge) };
  return client.call("createEdgeCertificate", { body, ...confirmed(step) });
}

/** Guarded by its ETag: what somebody else has changed meanwhile is not written over. */
async function changeEdge(client: ApiClient, step: StepOf<"change-edge">): Promise<EdgeCertificateView> {
  const { edgeCertificateId, edge } = step;
  const params = { edgeCertificateId };
  const { etag } = await client.send("getEdgeCertificate", { params });
  const body = { hostnames: [...edge.hostnames], clientAuthentication: await bindingOf(client, edge) };
  const guard = { ...(etag !== undefined && { ifMatch: etag }), ...confirmed(step) };
  return client.call("changeEdgeCertificate", { params, body, ...guard });
}

async function follow(
  { awaitEdgeCertificate }: ApplyPorts,
  started: EdgeCertificateView,
  mustWait: boolean,
): Promise<"done" | "begun"> {
  const known = mustWait ? await awaitEdgeCertificate(started) : started;
  const states = [known.staging.status, known.production.status];
  if (states.includes("REJECTED")) throw new CommandFailure(exitCode.refused, "A node rejected it. See: tcm nodes");
  if (!states.includes("IN_PROGRESS")) return "done";
  if (!mustWait) return "begun";
  throw new CommandFailure(exitCode.undetermined, "The wait ended before every node served it.");
}
