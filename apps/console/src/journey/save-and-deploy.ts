import type { ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { client } from "../api/client.ts";
import { type Draft, draftBody } from "./draft.ts";

/** A version as it was saved. */
export type Saved = { readonly caSetId: string; readonly version: number };

/** Makes the set, when it is a new one, and the version. `onSet`: the set is there from here on, whatever comes. */
export async function saveDraft(
  draft: Draft,
  target: { readonly caSetName: string } | { readonly caSetId: string },
  description: string,
  onSet: (caSetId: string) => void,
): Promise<Saved> {
  const caSetId = "caSetId" in target ? target.caSetId : (await client.call("createCaSet", { body: target })).caSetId;
  onSet(caSetId);
  const body = { ...draftBody(draft), description: description === "" ? null : description };
  const { version } = await client.call("createVersion", { params: { caSetId }, body });
  return { caSetId, version };
}

export type Strategy = "ALL_AT_ONCE" | "ONE_NODE_FIRST";

export function activate({ caSetId, version }: Saved, network: Network, strategy: Strategy): Promise<ActivationView> {
  return client.call("activateVersion", { params: { caSetId, version }, body: { network, strategy } });
}
