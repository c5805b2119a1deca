import { PageSection, Skeleton } from "@patternfly/react-core";

/** Where the page will be: a title and some lines, as high as what usually comes. */
export function PagePending() {
  return (
    <PageSection>
      <div role="progressbar" aria-label="The page is being read" className="tcm-pending">
        <Skeleton fontSize="2xl" width="min(20rem, 60%)" />
        {lines.map((width) => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
    </PageSection>
  );
}

const lines = ["70%", "85%", "62%", "78%"] as const;
