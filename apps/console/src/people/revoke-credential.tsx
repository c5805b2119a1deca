import { Checkbox, ListItem } from "@patternfly/react-core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { LongList } from "../text/long-list.tsx";
import type { CredentialRow } from "./credential-rows.ts";
import { Dialog } from "./dialog.tsx";

type Props = {
  readonly row: CredentialRow;
  /** What was made with it and is still good. */
  readonly made: readonly string[];
  readonly onClose: () => void;
};

/** Asks first: whatever signs in with it is cut off, and it never comes back. Of one that is ended already, what it made can still be ended. */
export function RevokeCredential({ row, made, onClose }: Props) {
  const queries = useQueryClient();
  const isGood = row.state === "in force";
  const [withMade, setWithMade] = useState(!isGood);
  const revoke = useMutation({
    mutationFn: () => send(row, withMade),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      title={isGood ? `Revoke ${row.name}?` : `Revoke what ${row.name} made?`}
      action={isGood && withMade ? "Revoke all of it" : "Revoke"}
      isDanger
      isBusy={revoke.isPending}
      error={revoke.error}
      onAction={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>
        {isGood
          ? "Whatever uses it is refused from now on."
          : `It is ${row.state} already; what was made with it is not.`}{" "}
        This cannot be taken back; what it did stays on the audit record.
      </p>
      {isGood && (
        <Checkbox
          id="revoke-with-made"
          label="It was stolen: end also what was made with it"
          description={endText}
          isChecked={withMade}
          onChange={(_, checked) => setWithMade(checked)}
        />
      )}
      {!isGood && <p>{endText}</p>}
      {made.length > 0 && (
        <div>
          <p>Made with it and still good:</p>
          <LongList
            items={made.map((words) => (
              <ListItem key={words} className="tcm-name">
                {words}
              </ListItem>
            ))}
          />
        </div>
      )}
    </Dialog>
  );
}

const endText =
  "Tokens, API clients and join tokens that it made, and what those made in turn, are revoked for good; users that it made are disabled.";

function send({ kind, id }: CredentialRow, withMade: boolean): Promise<undefined> {
  const query = withMade ? { query: { withMade: "true" } } : {};
  return kind === "token"
    ? client.call("revokeToken", { params: { tokenId: id }, ...query })
    : client.call("revokeApiClient", { params: { apiClientId: id }, ...query });
}
