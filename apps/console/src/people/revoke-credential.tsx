import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import type { CredentialRow } from "./credential-rows.ts";
import { Dialog } from "./dialog.tsx";

/** Asks first: whatever signs in with it is cut off, and it never comes back. */
export function RevokeCredential({ row, onClose }: { readonly row: CredentialRow; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () =>
      row.kind === "token"
        ? client.call("revokeToken", { params: { tokenId: row.id } })
        : client.call("revokeApiClient", { params: { apiClientId: row.id } }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      title={`Revoke ${row.name}?`}
      action="Revoke"
      isDanger
      isBusy={revoke.isPending}
      error={revoke.error}
      onAction={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>Whatever uses it is refused from now on. This cannot be taken back; what it did stays on the audit record.</p>
    </Dialog>
  );
}
