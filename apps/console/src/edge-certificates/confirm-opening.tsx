import { Button, Modal, ModalBody, ModalFooter, ModalHeader, Skeleton } from "@patternfly/react-core";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  /** In the server's words; undefined: it is being asked, or did not say. */
  readonly openings: string | undefined;
  /** Why the server did not say, or did not do it. */
  readonly error?: Error | null;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
};

/** Asks before hostnames are guarded less than before. */
export function ConfirmOpening({ openings, error = null, isBusy, onConfirm, onCancel }: Props) {
  return (
    <Modal isOpen variant="small" onClose={onCancel} aria-labelledby="opening-title" aria-describedby="opening-body">
      <ModalHeader title="This opens what is guarded now" labelId="opening-title" titleIconVariant="danger" />
      <ModalBody id="opening-body">
        {error !== null && <ProblemAlert error={error} />}
        {openings !== undefined && <p>{openings}</p>}
        {openings === undefined && error === null && (
          <Skeleton height="3rem" screenreaderText="Being looked up: what it opens" />
        )}
        <p>It will be on the audit record and raise an alarm.</p>
      </ModalBody>
      <ModalFooter>
        <BusyButton
          variant="danger"
          onClick={onConfirm}
          isBusy={isBusy && openings !== undefined}
          isDisabled={openings === undefined}
        >
          Open it
        </BusyButton>
        <Button variant="link" onClick={onCancel}>
          Keep it guarded
        </Button>
      </ModalFooter>
    </Modal>
  );
}
