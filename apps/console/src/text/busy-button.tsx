import { Button, type ButtonProps } from "@patternfly/react-core";

type Props = Omit<ButtonProps, "ref" | "isLoading" | "isAriaDisabled"> & {
  /** What it does is under way: it does nothing more until that has ended. */
  readonly isBusy: boolean;
};

/** Keeps the focus while it is busy. A disabled button gives it to the page, and who has no mouse begins at the top again. */
export function BusyButton({ isBusy, ...props }: Props) {
  return <Button {...props} isLoading={isBusy} isAriaDisabled={isBusy} />;
}
