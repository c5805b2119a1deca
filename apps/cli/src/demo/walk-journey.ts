import { setTimeout as delay } from "node:timers/promises";
import type { CaSetView, EdgeCertificateView } from "@tcm/api-contract";
import { trialHostname } from "@tcm/core";
import type { ApiClient } from "../client/api-client.ts";
import { activeVersion } from "../deployment/list-activations.ts";
import { carryOut, expectRefused, type Journey } from "./journey.ts";
import {
  bindHostname,
  createFirstVersion,
  goToProduction,
  refuseBadUpload,
  tryOnStaging,
} from "./steps-first-version.ts";
import { removeOldCa, rollBack, rotateWithOverlap } from "./steps-rotation.ts";

/** The whole journey in order. What it made is taken away again, also when a step fails; only the set's record stays. */
export async function walkJourney(journey: Journey): Promise<void> {
  await refuseBadUpload(journey);
  const caSet = await createFirstVersion(journey);
  let bound: EdgeCertificateView | undefined;
  try {
    await tryOnStaging(journey, caSet);
    await goToProduction(journey, caSet);
    bound = await bindHostname(journey, caSet);
    await rotateWithOverlap(journey, caSet);
    await removeOldCa(journey, caSet);
    await rollBack(journey, caSet);
  } finally {
    await cleanUp(journey, caSet, bound);
  }
}

async function cleanUp(journey: Journey, caSet: CaSetView, bound: EdgeCertificateView | undefined): Promise<void> {
  const { client, pki, report } = journey;
  report.step("Clean up");
  if (bound !== undefined) await client.call("deleteEdgeCertificate", { params: bound, query: { confirm: true } });
  const present = await client.call("getCaSet", { params: caSet });
  for (const network of ["STAGING", "PRODUCTION"] as const) {
    await endRunning(client, caSet);
    const version = activeVersion(present, network);
    if (version === null) continue;
    await carryOut(journey, () =>
      client.call("deactivateVersion", { params: { ...caSet, version }, body: { network } }),
    );
    const attempt = { network, hostname: trialHostname(caSet.caSetId), identity: pki.newClient } as const;
    await expectRefused(journey, "everybody", attempt);
  }
  report.note(`The CA set "${caSet.caSetName}" stays on the record, inactive.`);
}

const endingMs = 50;

/** A step that failed may have left one running; it would be in the way. */
async function endRunning(client: ApiClient, { caSetId }: CaSetView): Promise<void> {
  for (let attempts = 0; attempts < 20; attempts++) {
    const { activations } = await client.call("listSetActivations", { params: { caSetId } });
    const running = activations.find(({ activationStatus }) => activationStatus === "IN_PROGRESS");
    if (running === undefined) return;
    await client.call("cancelActivation", { params: running }).catch(() => undefined);
    await delay(endingMs);
  }
}
