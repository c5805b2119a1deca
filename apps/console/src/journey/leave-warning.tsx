import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useBlocker } from "@tanstack/react-router";

/** Asks before unsaved work is lost: on leaving the page here, on reloading in the browser's own words. */
export function LeaveWarning({ isDirty, what }: { readonly isDirty: () => boolean; readonly what: string }) {
  const blocker = useBlocker({ shouldBlockFn: isDirty, enableBeforeUnload: isDirty, withResolver: true });
  if (blocker.status !== "blocked") return null;
  return (
    <Modal isOpen variant="small" onClose={blocker.reset} aria-labelledby="leave-title" aria-describedby="leave-body">
      <ModalHeader title="Leave and lose this?" labelId="leave-title" titleIconVariant="warning" />
      <ModalBody id="leave-body">{what}</ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={blocker.proceed}>
          Leave and lose it
        </Button>
        <Button variant="link" onClick={blocker.reset}>
          Stay
        </Button>
      </ModalFooter>
    </Modal>
  );
}
