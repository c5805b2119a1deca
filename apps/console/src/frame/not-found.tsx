import { EmptyState, EmptyStateBody, PageSection } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import { usePageTitle } from "./use-page-title.ts";

export function NotFound() {
  usePageTitle("Nothing here");
  return (
    <PageSection>
      <EmptyState titleText="There is nothing at this address" headingLevel="h1">
        <EmptyStateBody>
          The link may be old, or its set was removed. <Link to="/">Go to the overview</Link>.
        </EmptyStateBody>
      </EmptyState>
    </PageSection>
  );
}
