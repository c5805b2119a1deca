import { Button, PageSection } from "@patternfly/react-core";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { ProblemAlert } from "../text/problem-alert.tsx";

/** A page that could not be read says why, and is tried again without leaving it. */
export function PageFailed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { reset } = useQueryErrorResetBoundary();
  const retry = (): void => {
    reset();
    onRetry();
  };
  return (
    <PageSection>
      <h1 className="tcm-title">This page cannot be shown</h1>
      <ProblemAlert error={error} />
      <Button variant="primary" onClick={retry}>
        Try again
      </Button>
    </PageSection>
  );
}
