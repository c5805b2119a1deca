import { ApiProblem, type CaSetView, type VersionView } from "@tcm/api-contract";
import { client } from "../api/client.ts";
import { compareContent, contentOfDraft, contentOfVersion, isSameContent, isSameTrust } from "./content.ts";
import { type Draft, versionBody } from "./draft.ts";
import type { Saved, Target } from "./journey-state.ts";

export type Work = { readonly draft: Draft; readonly caSetName: string; readonly target: Target };

/** What came of saving. Whatever is not a success leaves the work as it is and says what can be done. */
export type SaveOutcome =
  | { readonly kind: "saved"; readonly saved: Saved }
  /** A set of the name is there: somebody else's, or one's own whose answer was lost. */
  | { readonly kind: "name-taken"; readonly set: CaSetView }
  /** A version with the same certificates and options is there. */
  | { readonly kind: "version-there"; readonly saved: Saved }
  /** Somebody saved the version that is being edited. */
  | { readonly kind: "changed-meanwhile"; readonly theirs: VersionView; readonly etag: string }
  /** It was deployed or deleted while it was being edited. */
  | { readonly kind: "not-editable"; readonly caSetId: string; readonly why: string };

/** Writes a draft. `onSet`: a new set is there from here on, whatever comes of its version. Throws when nothing is known. */
export async function saveDraft(
  { draft, caSetName, target }: Work,
  onSet: (caSetId: string) => void,
): Promise<SaveOutcome> {
  if (target.kind === "edit") return replaceVersion(draft, target);
  if (target.kind === "new-version") return createVersion(draft, target.caSetId);
  const made = await createSet(caSetName);
  if ("set" in made) return { kind: "name-taken", set: made.set };
  onSet(made.caSetId);
  return createVersion(draft, made.caSetId);
}

async function createSet(caSetName: string): Promise<{ readonly caSetId: string } | { readonly set: CaSetView }> {
  try {
    return await client.call("createCaSet", { body: { caSetName } });
  } catch (error) {
    if (!isRefusal(error, "ca-set-name-is-not-unique")) throw error;
    const { caSets } = await client.call("listCaSets", { query: { caSetNamePrefix: caSetName } });
    const set = caSets.find((one) => one.caSetName === caSetName);
    if (set === undefined) throw error;
    return { set };
  }
}

async function createVersion(draft: Draft, caSetId: string): Promise<SaveOutcome> {
  try {
    const { body, etag } = await client.send("createVersion", { params: { caSetId }, body: versionBody(draft) });
    return { kind: "saved", saved: { caSetId, version: body.version, etag } };
  } catch (error) {
    const version = equalVersion(error);
    if (version === undefined) throw error;
    return { kind: "version-there", saved: await asItIsNow(draft, { caSetId, version }, error) };
  }
}

/** With the tag of what is the same: what somebody makes of it until Deploy is pressed is not deployed unseen. */
async function asItIsNow(draft: Draft, saved: Saved, refusal: unknown): Promise<Saved> {
  const { body, etag } = await client.send("getVersion", { params: saved });
  if (!isSameTrust(compareContent(contentOfVersion(body), contentOfDraft(draft)))) throw refusal;
  return { ...saved, etag };
}

/** The number at the end of the link to the version that is there already. */
function equalVersion(error: unknown): number | undefined {
  if (!isRefusal(error, "duplicate-ca-set-version")) return undefined;
  const number = /\/versions\/(\d+)$/.exec(String(error.problem.contextInfo?.["versionLink"]))?.[1];
  return number === undefined ? undefined : Number(number);
}

async function replaceVersion(
  draft: Draft,
  { caSetId, version, etag }: Extract<Target, { kind: "edit" }>,
): Promise<SaveOutcome> {
  const params = { caSetId, version };
  try {
    const replaced = await client.send("replaceVersion", { params, body: versionBody(draft), ifMatch: etag });
    return { kind: "saved", saved: { ...params, etag: replaced.etag } };
  } catch (error) {
    if (isRefusal(error, "precondition-failed")) return compareWithTheirs(draft, params);
    const isLocked = notEditable.some((code) => isRefusal(error, code));
    if (isLocked && error instanceof ApiProblem) return { kind: "not-editable", caSetId, why: error.problem.detail };
    throw error;
  }
}

const notEditable = [
  "ca-set-version-is-active",
  "ca-set-version-was-previously-active",
  "ca-set-version-not-found",
] as const;

/** Equal content was saved already: by the attempt whose answer was lost, or by somebody of the same mind. */
async function compareWithTheirs(draft: Draft, saved: Saved): Promise<SaveOutcome> {
  const { body: theirs, etag } = await client.send("getVersion", { params: saved });
  if (isSameContent(compareContent(contentOfVersion(theirs), contentOfDraft(draft))))
    return { kind: "saved", saved: { ...saved, etag } };
  return { kind: "changed-meanwhile", theirs, etag: etag ?? "" };
}

function isRefusal(error: unknown, code: string): error is ApiProblem {
  return error instanceof ApiProblem && error.code === code;
}
