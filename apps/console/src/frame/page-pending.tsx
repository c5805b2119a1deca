import { Bullseye, Spinner } from "@patternfly/react-core";

export function PagePending() {
  return (
    <Bullseye className="tcm-pending">
      <Spinner aria-label="The page is being read" />
    </Bullseye>
  );
}
