import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";

type Props = {
  readonly openings: string;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
};

/** Asks before hostnames are guarded less than before. */
export function ConfirmOpening({ openings, isBusy, onConfirm, onCancel }: Props) {
  return (
    <Modal isOpen variant="small" onClose={onCancel} aria-labelledby="opening-title" aria-describedby="opening-body">
      <ModalHeader title="This opens what is guarded now" labelId="opening-title" titleIconVariant="danger" />
      <ModalBody id="opening-body">
        <p>{openings}</p>
        <p>It will be on the audit record and raise an alarm.</p>
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={onConfirm} isLoading={isBusy} isDisabled={isBusy}>
          Open it
        </Button>
        <Button variant="link" onClick={onCancel}>
          Keep it guarded
        </Button>
      </ModalFooter>
    </Modal>
  );
}
