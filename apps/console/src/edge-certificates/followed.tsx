import { Button } from "@patternfly/react-core";
import type { EdgeCertificateView } from "@tcm/api-contract";
import { BindingProgress } from "./binding-progress.tsx";
import { UnbindingProgress, type Unbound } from "./unbinding-progress.tsx";

/** What was set going, and is followed until every node has it. */
export type FollowedChange =
  | { readonly what: "progress"; readonly edgeCertificateId: number }
  | { readonly what: "unbound"; readonly unbound: Unbound };

/** What is open above a table of edge certificates. */
export type OpenAbove = { readonly what: "form"; readonly edgeCertificateId: number | undefined } | FollowedChange;

type Props = {
  readonly change: FollowedChange;
  readonly edgeCertificates: readonly EdgeCertificateView[];
  readonly onClose: () => void;
};

export function Followed({ change, edgeCertificates, onClose }: Props) {
  // Somebody else may have unbound it meanwhile.
  if (change.what === "progress" && edgeCertificates.every((one) => one.edgeCertificateId !== change.edgeCertificateId))
    return null;
  return (
    <>
      {change.what === "progress" ? (
        <BindingProgress edgeCertificateId={change.edgeCertificateId} />
      ) : (
        <UnbindingProgress {...change.unbound} />
      )}
      <Button variant="link" isInline onClick={onClose} className="tcm-block">
        Close
      </Button>
    </>
  );
}
