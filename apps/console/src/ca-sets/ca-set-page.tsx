import { Label, PageSection } from "@patternfly/react-core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";

/** One set. */
export function CaSetPage() {
  const { caSetId } = useParams({ from: "/ca-sets/$caSetId" });
  const { data: set } = useSuspenseQuery(read("getCaSet", { params: { caSetId } }));
  usePageTitle(set.caSetName);
  return (
    <PageSection>
      <h1 className="tcm-title">{set.caSetName}</h1>
      <Label>{set.caSetStatus}</Label>
    </PageSection>
  );
}
