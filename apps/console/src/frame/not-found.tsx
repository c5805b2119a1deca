import { EmptyState, EmptyStateBody, PageSection } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import type { Missing } from "./missing.ts";
import { usePageTitle } from "./use-page-title.ts";

const nothing: Missing = { title: "There is nothing at this address" };

export function NotFound({ missing = nothing }: { readonly missing?: Missing }) {
  usePageTitle(missing.title);
  return (
    <PageSection>
      <EmptyState titleText={missing.title} headingLevel="h1">
        <EmptyStateBody>
          {missing.detail !== undefined && <p className="tcm-name">{missing.detail}</p>}
          <p>The link may be old, or what it led to was removed.</p>
          <p>
            <Link to="/">Go to the overview</Link>, or look among the <Link to="/ca-sets">certificate sets</Link>.
          </p>
        </EmptyStateBody>
      </EmptyState>
    </PageSection>
  );
}
