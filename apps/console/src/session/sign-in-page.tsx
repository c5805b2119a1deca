import { Alert, Button, LoginPage, Skeleton } from "@patternfly/react-core";
import type { SessionView } from "@tcm/api-contract";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { client } from "../api/client.ts";
import { FirstAdminForm } from "./first-admin-form.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { deadLinkText, readSignInLink } from "./sign-in-link.ts";

/**
 * For whoever is not signed in, at every address: behind it they find the page that they came for. `earlier`: whose session has ended
 * while their pages were open.
 */
export function SignInPage({ earlier }: { readonly earlier: SessionView | undefined }) {
  useTitleMeanwhile();
  const [link, setLink] = useState(() => readSignInLink(location.hash));
  const {
    data: options,
    isPending,
    failureCount,
  } = useQuery({
    queryKey: ["getSignInOptions"],
    queryFn: ({ signal }) => client.call("getSignInOptions", { signal }),
  });
  // What it says moves the form: it would slip away from under the pointer. A server that does not answer keeps no form away.
  const isAwaited = isPending && failureCount === 0;
  const leaveLink = (): void => {
    history.replaceState(null, "", "/");
    setLink({});
  };
  if (link.secret === undefined)
    return (
      <Door title={earlier === undefined ? "Sign in" : "Sign in again"}>
        {earlier !== undefined && <Ended />}
        {isAwaited ? <Awaited /> : <SignInForm options={options} refused={link.refused} earlier={earlier} />}
      </Door>
    );
  if (options?.awaitsFirstAdmin === false)
    return (
      <Door title="Sign in">
        <DeadLink awaitsFirstAdmin={false} onLeave={leaveLink} />
      </Door>
    );
  if (isAwaited)
    return (
      <Door title="Become the first administrator">
        <Awaited />
      </Door>
    );
  return (
    <Door title="Become the first administrator">
      <FirstAdminForm
        secret={link.secret}
        onDead={<DeadLink awaitsFirstAdmin={options?.awaitsFirstAdmin ?? true} onLeave={leaveLink} />}
      />
    </Door>
  );
}

/** As high as the two fields and the button. */
function Awaited() {
  return (
    <div role="progressbar" aria-label="The page is being read">
      <Skeleton height="14rem" />
    </div>
  );
}

function Ended() {
  return (
    <Alert variant="info" isInline isLiveRegion component="p" title="Your session has ended" className="tcm-block">
      <p>What you have typed is still here; it is shown when you have signed in.</p>
    </Alert>
  );
}

/** The page behind it has a title of its own, and gets it back. */
function useTitleMeanwhile(): void {
  useEffect(() => {
    const before = document.title;
    document.title = "Sign in · Trust Chain Manager";
    return () => {
      document.title = before;
    };
  }, []);
}

function Door({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <LoginPage
      brandImgSrc="/icon.svg"
      brandImgAlt=""
      loginTitle={title}
      loginSubtitle="Trust Chain Manager: the CA certificates with which your edges authenticate their clients"
      className="tcm-sign-in"
    >
      {children}
    </LoginPage>
  );
}

function DeadLink({ awaitsFirstAdmin, onLeave }: { readonly awaitsFirstAdmin: boolean; readonly onLeave: () => void }) {
  const { title, detail } = deadLinkText(awaitsFirstAdmin);
  return (
    <>
      <Alert variant="warning" isInline isLiveRegion component="h2" title={title} className="tcm-block">
        <p>{detail}</p>
      </Alert>
      <Button onClick={onLeave} isBlock>
        Go to the sign-in
      </Button>
    </>
  );
}
