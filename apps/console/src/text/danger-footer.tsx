import { Button, ModalFooter } from "@patternfly/react-core";
import type { UseMutationResult } from "@tanstack/react-query";
import { BusyButton } from "./busy-button.tsx";

type Props = {
  /** What is done, as the button says it. */
  readonly action: string;
  readonly mutation: Pick<UseMutationResult<unknown, Error, void>, "mutate" | "isPending">;
  readonly onKeep: () => void;
};

/** The foot of a dialog that takes something away: the way out says that it stays. */
export function DangerFooter({ action, mutation: { mutate, isPending }, onKeep }: Props) {
  return (
    <ModalFooter>
      <BusyButton variant="danger" onClick={() => mutate()} isBusy={isPending}>
        {action}
      </BusyButton>
      <Button variant="link" onClick={onKeep}>
        Keep it
      </Button>
    </ModalFooter>
  );
}
