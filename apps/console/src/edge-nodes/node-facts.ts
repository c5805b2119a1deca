import type { EdgeNodeView } from "@tcm/api-contract";
import { expiryText, localTime, plural } from "../text/time-text.ts";
import { conditionOf } from "./node-condition.ts";

/** What the state of a node means for its clients, and what to do. Pure. */
export function conditionSentence(node: EdgeNodeView): string {
  switch (conditionOf(node)) {
    case "rejecting":
      return "Its engine does not take what it is told; what was good before stays in place. Its own words are below.";
    case "shut-out":
      return "It serves what it had last and cannot connect. Make a join token for its name, and let it join again.";
    case "away":
      return "It serves what it had last. Deployments wait for it; drain it, or exclude it from one, when it stays away.";
    case "behind":
      return "It has not proved yet that it serves what it should.";
    case "serving":
      return "It has proved that it serves what it should.";
    case "drained":
      return "Nothing waits for it. It still gets what its network serves when it connects.";
  }
}

/** "expires in 5 days; it renews itself while it is connected" */
export function certificateSentence({ certificateExpiryDate, isConnected }: EdgeNodeView, nowMs: number): string {
  if (certificateExpiryDate === null) return "It has not joined yet.";
  const text = `${expiryText(certificateExpiryDate, nowMs)} (${localTime(certificateExpiryDate)})`;
  return isConnected ? `${text}; it renews itself in time` : text;
}

/** A signature is dated and a certificate begins: clocks that differ by minutes matter. Undefined: not by so much. */
export function clockSentence({ clockSkewSeconds }: EdgeNodeView): string | undefined {
  if (clockSkewSeconds === null || Math.abs(clockSkewSeconds) < 2) return undefined;
  return `${plural(Math.abs(clockSkewSeconds), "second")} ${clockSkewSeconds > 0 ? "ahead of" : "behind"} the control plane`;
}

/** What an entry is about, and where to look at it; a set by its name when it is known. Pure. */
export function entryName(
  entryId: string,
  setNames: ReadonlyMap<string, string>,
): { readonly name: string; readonly caSetId?: string } {
  const caSetId = /^ca-set\/(\d+)$/.exec(entryId)?.[1];
  if (caSetId !== undefined) return { name: setNames.get(caSetId) ?? `set ${caSetId}`, caSetId };
  const edgeCertificateId = /^edge-certificate\/(\d+)$/.exec(entryId)?.[1];
  return { name: edgeCertificateId === undefined ? entryId : `edge certificate ${edgeCertificateId}` };
}
