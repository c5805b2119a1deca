import { Button } from "@patternfly/react-core";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { ProblemAlert } from "../text/problem-alert.tsx";

/** A tab that could not be read says why; the rest of the page stays. */
export function TabFailed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const queries = useQueryErrorResetBoundary();
  const retry = (): void => {
    queries.reset();
    reset();
  };
  return (
    <>
      <ProblemAlert error={error} live={false} />
      <Button onClick={retry}>Try again</Button>
    </>
  );
}
