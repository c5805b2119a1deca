import { statSync } from "node:fs";
import type { VerificationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { ApiClient } from "../client/api-client.ts";
import { findCaSet, parseVersionReference, versionOrLatest } from "../client/find-ca-set.ts";
import { CommandFailure } from "../command-failure.ts";
import { activeVersion } from "../deployment/list-activations.ts";
import { networkName } from "../deployment/network-option.ts";
import { exitCode } from "../output/exit-code.ts";

/** What `--ca-set` may name: a file that is there, or what only a path can look like. A directory of a set's name is not meant. */
export function isFile(reference: string): boolean {
  const isPath = /[/\\]|\.(pem|crt|cer)$/i.test(reference);
  return isPath || statSync(reference, { throwIfNoEntry: false })?.isFile() === true;
}

/** A version of a set, and the network whose version it is, where that was asked for. */
export type VerifyTarget = {
  readonly caSetId: string;
  readonly version: number;
  readonly network: Network | undefined;
};

export async function findTarget(
  client: ApiClient,
  reference: string,
  network: Network | undefined,
): Promise<VerifyTarget> {
  const { caSet: name, version: given } = parseVersionReference(reference);
  if (given !== undefined && network !== undefined)
    throw new CommandFailure(exitCode.usage, "Give a version or a network, not both.");
  const caSet = await findCaSet(client, name);
  if (network === undefined) return { caSetId: caSet.caSetId, version: versionOrLatest(caSet, given), network };
  const version = activeVersion(caSet, network);
  if (version !== null) return { caSetId: caSet.caSetId, version, network };
  throw new CommandFailure(exitCode.problem, `"${caSet.caSetName}" is not active on ${networkName[network]}.`);
}

/** The control plane's own verdict. */
export function askServer(
  client: ApiClient,
  { caSetId, version, network }: VerifyTarget,
  clientChainPem: string,
  time: string | undefined,
): Promise<VerificationView> {
  const body = { clientChainPem, ...(time !== undefined && { time }) };
  if (network === undefined) return client.call("verifyAgainstVersion", { params: { caSetId, version }, body });
  return client.call("verifyAgainstNetwork", { params: { caSetId }, query: { network }, body });
}
