import type { CaSetView, DeletionStatusView } from "@tcm/api-contract";
import { networkName } from "../text/network-name.ts";

export type Deletion = DeletionStatusView["deletions"][number];

/**
 * Whether somebody may have asked to delete the set. Of one that is there again because its deletion failed nothing is active; one
 * that was never deployed has nothing to prove, so that it cannot have failed. Pure.
 */
export function mayHaveDeletion(set: CaSetView): boolean {
  if (set.caSetStatus !== "NOT_DELETED") return true;
  return set.stagingVersion === null && set.productionVersion === null && !set.caSetNameIsEditable;
}

/** How it stands, in a sentence. Pure. */
export function deletionTitle({ status, deletions }: Pick<DeletionStatusView, "status" | "deletions">): string {
  const failed = deletions.filter((one) => one.status === "FAILED").map(({ network }) => networkName[network]);
  switch (status) {
    case "IN_PROGRESS":
      return "This set is being deleted";
    case "COMPLETE":
      return "This set is deleted";
    case "FAILED":
      return `The deletion failed on ${failed.join(" and ")}; the set is still there`;
  }
}

/** What a network has to say about it. Pure. */
export function deletionText({ status, percentComplete, failureReason }: Deletion): string {
  if (status === "FAILED") return failureReason ?? "It failed.";
  return status === "COMPLETE"
    ? "Every edge node has proved that it holds nothing of it."
    : `${percentComplete} % of the edge nodes have proved that they hold nothing of it.`;
}
