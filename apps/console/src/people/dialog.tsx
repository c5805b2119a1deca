import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { type FormEvent, type ReactNode, useId } from "react";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  readonly title: string;
  /** What the button does, in a word or two. */
  readonly action: string;
  readonly isDanger?: boolean;
  readonly isBusy: boolean;
  /** null: none. */
  readonly error: unknown;
  readonly onAction: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Asks for what one change needs, or whether it is meant, and stays open with the reason when the server says no. */
export function Dialog({ title, action, isDanger = false, isBusy, error, onAction, onClose, children }: Props) {
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAction();
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby={`${id}-title`}>
      <ModalHeader title={title} labelId={`${id}-title`} {...(isDanger && { titleIconVariant: "warning" as const })} />
      <ModalBody>
        <Form id={`${id}-form`} onSubmit={submit} noValidate={false}>
          {error !== null && <ProblemAlert error={error} />}
          {children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <BusyButton type="submit" form={`${id}-form`} variant={isDanger ? "danger" : "primary"} isBusy={isBusy}>
          {action}
        </BusyButton>
        <Button variant="link" onClick={onClose}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
