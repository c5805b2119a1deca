import { Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";

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
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate();
  };
  const close = (): void => setOpen(false);
  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        Rename
      </Button>
      <Modal isOpen={isOpen} variant="small" onClose={close} aria-labelledby="rename-title">
        <ModalHeader
          title="Rename the set"
          labelId="rename-title"
          description="Once a version is deployed, the name stays."
        />
        <ModalBody>
          <Form id="rename-form" onSubmit={submit}>
            {rename.isError && <ProblemAlert error={rename.error} />}
            <FormGroup label="New name" fieldId="new-name" isRequired>
              <TextInput id="new-name" isRequired value={caSetName} onChange={(_, value) => setName(value)} />
            </FormGroup>
          </Form>
        </ModalBody>
        <ModalFooter>
          <Button type="submit" form="rename-form" isLoading={rename.isPending} isDisabled={rename.isPending}>
            Rename
          </Button>
          <Button variant="link" onClick={close}>
            Cancel
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
