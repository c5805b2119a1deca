import { Button } from "@patternfly/react-core";
import type { VersionView } from "@tcm/api-contract";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { useMay } from "../session/session-query.ts";

/** Until its first deployment a version is edited in place; after that it never changes, and there is only cloning. */
export function EditVersionButton({ version: view }: { readonly version: VersionView }) {
  const { caSetId, version, caSetVersionStatus } = view;
  const navigate = useNavigate();
  const mayEdit = useMay("edit");
  const { data } = useQuery(read("listVersionActivations", { params: { caSetId, version } }));
  if (!mayEdit || caSetVersionStatus === "DELETED" || data === undefined || data.activations.length > 0) return null;
  const params = { caSetId, version: String(version) };
  return (
    <Button
      variant="secondary"
      onClick={() => void navigate({ to: "/ca-sets/$caSetId/versions/$version/edit", params })}
    >
      Edit
    </Button>
  );
}
