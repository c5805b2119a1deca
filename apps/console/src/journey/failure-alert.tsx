import { Alert } from "@patternfly/react-core";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { type Doing, failureText } from "./failure-text.ts";

/** Why something did not get done, and that it can be tried again. */
export function FailureAlert({ error, doing }: { readonly error: unknown; readonly doing: Doing }) {
  const text = failureText(error, doing);
  if (text === undefined) return <ProblemAlert error={error} />;
  return (
    <Alert variant="warning" isInline isLiveRegion component="h3" title={text.title}>
      {text.body}
    </Alert>
  );
}
