import { Button, Modal, ModalBody, ModalHeader } from "@patternfly/react-core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { VersionView } from "@tcm/api-contract";
import { useState } from "react";
import { client } from "../api/client.ts";
import { DangerFooter } from "../text/danger-footer.tsx";
import { ProblemAlert } from "../text/problem-alert.tsx";

type Props = {
  readonly version: VersionView;
  readonly onGone?: () => void;
  /** In a row of a table: a link among links. */
  readonly isInline?: true;
};

/** Of a version that no network serves. */
export function DeleteVersion({ version: view, onGone, isInline }: Props) {
  const { caSetId, caSetName, version, stagingStatus, productionStatus } = view;
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const remove = useMutation({
    mutationFn: () => client.call("deleteVersion", { params: { caSetId, version } }),
    onSuccess: async () => {
      setOpen(false);
      onGone?.();
      await queries.invalidateQueries();
    },
  });
  if (stagingStatus === "ACTIVE" || productionStatus === "ACTIVE") return null;
  const close = (): void => {
    setOpen(false);
    remove.reset();
  };
  const title = `delete-version-${version}`;
  return (
    <>
      <Button
        variant={isInline ? "link" : "secondary"}
        isInline={isInline === true}
        isDanger
        {...(isInline && { "aria-label": `Delete version ${version}` })}
        onClick={() => setOpen(true)}
      >
        Delete
      </Button>
      <Modal isOpen={isOpen} variant="small" onClose={close} aria-labelledby={title}>
        <ModalHeader title={`Delete version ${version} of ${caSetName}?`} labelId={title} titleIconVariant="warning" />
        <ModalBody>
          {remove.isError && <ProblemAlert error={remove.error} />}
          <p>No network serves it. It cannot be deployed any more, and can be looked at for 30 days.</p>
        </ModalBody>
        <DangerFooter action="Delete the version" mutation={remove} onKeep={close} />
      </Modal>
    </>
  );
}
