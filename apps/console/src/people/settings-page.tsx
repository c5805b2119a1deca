import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  PageSection,
} from "@patternfly/react-core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { version } from "../../package.json";
import { client } from "../api/client.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay, useSession } from "../session/session-query.ts";
import { Time } from "../text/time.tsx";
import { OwnPassword } from "./own-password.tsx";
import { roleText } from "./role-text.ts";
import { SigningKeys } from "./signing-keys.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

/** What one may change of oneself, and what the installation says of itself. */
export function SettingsPage() {
  usePageTitle("Settings");
  const { name, role, expiryDate } = useSession();
  const { data: options } = useSuspenseQuery({
    queryKey: ["getSignInOptions"],
    queryFn: ({ signal }) => client.call("getSignInOptions", { signal }),
  });
  const mayAdminister = useMay("administer");
  return (
    <PageSection>
      <h1 className="tcm-title">Settings</h1>
      <h2 className="tcm-heading">You</h2>
      <DescriptionList isHorizontal isCompact className="tcm-settings">
        <Fact term="Name">
          <span className="tcm-name">{name}</span>
        </Fact>
        <Fact term="Role">{`${role}: ${roleText[role]}`}</Fact>
        <Fact term="Signed in until">
          {expiryDate === null ? "no end" : <Time iso={expiryDate} />}, or two hours without doing anything
        </Fact>
      </DescriptionList>
      <h2 className="tcm-heading">Theme</h2>
      <ThemeChoice />
      <h2 className="tcm-heading">Change your password</h2>
      <OwnPassword hasProvider={options.oidc} />
      <h2 className="tcm-heading">This installation</h2>
      <DescriptionList isHorizontal isCompact className="tcm-settings">
        <Fact term="Version">{version}</Fact>
        <Fact term="People sign in by">{options.oidc ? "password, or identity provider" : "password"}</Fact>
        <Fact term="API">
          <a href="/reference">Reference for reading</a>, <a href="/openapi.json">OpenAPI document</a>
        </Fact>
        <Fact term="Licences">
          <a href="/third-party.txt">Third-party licences</a> of what the console is made of
        </Fact>
      </DescriptionList>
      {mayAdminister && <SigningKeys />}
    </PageSection>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}
