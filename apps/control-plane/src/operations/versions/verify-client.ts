import type { DescribedPathResult, Network, Outcome } from "@tcm/core";
import { activeVersions, findCaSet } from "../ca-sets/ca-set-row.ts";
import { type OperationContext, seconds } from "../context.ts";
import { busy } from "./refuse-version.ts";
import { done, refuse } from "../refuse.ts";
import { findStoredVersion } from "./stored-members.ts";

export type ClientToVerify = {
  readonly clientChainPem: string;
  /** Seconds since 1970; undefined: now. */
  readonly time: number | undefined;
};

export type Verification = {
  readonly caSetId: string;
  readonly caSetName: string;
  readonly version: number;
  readonly result: DescribedPathResult;
};

/** Would an edge that serves the version, deployed or not, let this client in? Nothing of the client is kept. */
export async function verifyAgainstVersion(
  context: OperationContext,
  caSetId: number,
  version: number,
  { clientChainPem, time = seconds(context) }: ClientToVerify,
): Promise<Outcome<Verification>> {
  const found = await findStoredVersion(context.store.db, caSetId, version);
  if (!found.ok) return found;
  const { caSet, members: anchors } = found.value;
  const answer = await context.validation.ask({ task: "verify", anchors, clientChainPem, time });
  if (answer === "busy") return busy();
  if (answer.isRead) return done({ caSetId: String(caSet.id), caSetName: caSet.name, version, result: answer.result });
  return refuse(
    "certificate-validation-failure",
    "The client's chain cannot be read. Send certificates as PEM, without a key.",
    {
      errors: answer.errors,
    },
  );
}

/** The same for what the network serves now. */
export async function verifyAgainstNetwork(
  context: OperationContext,
  caSetId: number,
  network: Network,
  client: ClientToVerify,
): Promise<Outcome<Verification>> {
  const { db } = context.store;
  const caSet = await findCaSet(db, caSetId);
  if (!caSet.ok) return caSet;
  const version = (await activeVersions(db, caSetId))[network];
  if (version !== undefined) return verifyAgainstVersion(context, caSetId, version, client);
  const { name } = caSet.value;
  return refuse("ca-set-version-not-active-on-network", `No version of CA set ${name} is active on ${network}.`, {
    contextInfo: { caSetId: String(caSetId), caSetName: name, network },
  });
}
