import type { CaSetView } from "@tcm/api-contract";
import { localTime } from "../text/time-text.ts";
import type { Attention, Look } from "./attention.ts";
import { listed } from "./openings-attention.ts";

/** What is tried on staging and waits for production, what cannot be tried, and what nobody uses. */
export function setAttention(look: Look): readonly Attention[] {
  const { sets } = look;
  return [...sets.flatMap((set) => untried(set, look)), ...sets.flatMap((set) => waiting(set, look)), ...unused(look)];
}

function untried(
  { caSetId, caSetName, stagingVersion, productionVersion }: CaSetView,
  { overview }: Look,
): readonly Attention[] {
  if (productionVersion === null || (stagingVersion !== null && stagingVersion >= productionVersion)) return [];
  // What is on its way, as of a roll back of both, comes to its end first.
  if (overview.lastActivations.some((one) => one.caSetId === caSetId && one.activationStatus === "IN_PROGRESS"))
    return [];
  const staging = stagingVersion === null ? "not on staging" : `staging has version ${stagingVersion}`;
  return [
    {
      key: `untried ${caSetId}`,
      gravity: "warning",
      title: `${caSetName} has version ${productionVersion} on production, and ${staging}`,
      detail: "What clients meet on production cannot be tried first.",
      place: { page: "deploy", caSetId, version: productionVersion, network: "STAGING" },
      action: `Deploy version ${productionVersion} to staging`,
    },
  ];
}

function waiting(
  { caSetId, caSetName, stagingVersion: staging, productionVersion: production }: CaSetView,
  { overview, mayDeployProduction }: Look,
): readonly Attention[] {
  if (staging === null || (production !== null && production >= staging)) return [];
  const isUnderWay = overview.lastActivations.some(
    (one) => one.caSetId === caSetId && one.network === "PRODUCTION" && one.activationStatus === "IN_PROGRESS",
  );
  if (isUnderWay) return [];
  const since = overview.inForce.find((one) => one.caSetId === caSetId && one.network === "STAGING");
  return [
    {
      key: `waiting ${caSetId}`,
      gravity: "info",
      title: `${caSetName} has version ${staging} on staging, and ${production === null ? "nothing" : `version ${production}`} on production`,
      ...(since && { detail: `On staging since ${localTime(since.activatedDate)}, by ${since.activatedBy}.` }),
      ...(mayDeployProduction
        ? {
            place: { page: "deploy", caSetId, version: staging, network: "PRODUCTION" },
            action: `Deploy version ${staging} to production`,
          }
        : { place: { page: "set", caSetId }, action: "Look at the set" }),
    },
  ];
}

/** On both networks, so that an edge certificate could be associated with them, and none is. One line: a proxy of one's own may use them by its configuration. */
function unused({ sets, edgeCertificates }: Look): readonly Attention[] {
  const used = new Set(edgeCertificates.map(({ clientAuthentication }) => clientAuthentication.caSetId));
  const found = sets.filter(
    ({ caSetId, stagingVersion, productionVersion }) =>
      stagingVersion !== null && productionVersion !== null && !used.has(caSetId),
  );
  const [first] = found;
  if (first === undefined) return [];
  const names = listed(found.map(({ caSetName }) => caSetName));
  return [
    {
      key: "unused",
      gravity: "info",
      title: `No edge certificate is associated with ${names}`,
      detail: `${found.length === 1 ? "It is" : "They are"} on both networks, and no edge certificate uses ${found.length === 1 ? "it" : "them"}.`,
      place: found.length === 1 ? { page: "associations", caSetId: first.caSetId } : { page: "edge-certificates" },
      action: found.length === 1 ? "Look at its associations" : "Go to edge certificates",
    },
  ];
}
