import { Button, FormGroup, TextInput } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { Dialog } from "../people/dialog.tsx";

/** Until a version was deployed anywhere; then the name is frozen and nothing is offered. */
export function RenameSet({ set }: { readonly set: CaSetView }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [caSetName, setName] = useState(set.caSetName);
  const rename = useMutation({
    mutationFn: () => client.call("renameCaSet", { params: { caSetId: set.caSetId }, body: { caSetName } }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      setOpen(false);
    },
  });
  if (!set.caSetNameIsEditable) return null;
  const close = (): void => {
    setOpen(false);
    setName(set.caSetName);
    rename.reset();
  };
  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        Rename
      </Button>
      {isOpen && (
        <Dialog
          title="Rename the set"
          action="Rename"
          isBusy={rename.isPending}
          error={rename.error}
          onAction={rename.mutate}
          onClose={close}
        >
          <p className="tcm-faint">Once a version is deployed, the name stays.</p>
          <FormGroup label="New name" fieldId="new-name" isRequired>
            <TextInput id="new-name" isRequired value={caSetName} onChange={(_, value) => setName(value)} />
          </FormGroup>
        </Dialog>
      )}
    </>
  );
}
