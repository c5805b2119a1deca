import { Button, PageSection } from "@patternfly/react-core";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { missingOf } from "./missing.ts";
import { NotFound } from "./not-found.tsx";
import { usePageTitle } from "./use-page-title.ts";

type Props = { readonly error: unknown; readonly onRetry: () => void };

/** A page that could not be read says why, and is tried again without leaving it. What is not there is not tried again. */
export function PageFailed({ error, onRetry }: Props) {
  const missing = missingOf(error);
  return missing === undefined ? <Failed error={error} onRetry={onRetry} /> : <NotFound missing={missing} />;
}

function Failed({ error, onRetry }: Props) {
  const { reset } = useQueryErrorResetBoundary();
  usePageTitle("This page cannot be shown");
  const retry = (): void => {
    reset();
    onRetry();
  };
  return (
    <PageSection>
      <h1 className="tcm-title">This page cannot be shown</h1>
      <ProblemAlert error={error} />
      <Button variant="primary" onClick={retry} className="tcm-result">
        Try again
      </Button>
    </PageSection>
  );
}
