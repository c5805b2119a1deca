import {
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  Nav,
  NavItem,
  NavList,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
} from "@patternfly/react-core";
import BarsIcon from "@patternfly/react-icons/dist/esm/icons/bars-icon";
import type { SessionView } from "@tcm/api-contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { LiveState } from "../api/live-updates.ts";
import { SessionContext, sessionQuery } from "../session/session-query.ts";
import { UserMenu } from "../session/user-menu.tsx";
import { PageFailed } from "./page-failed.tsx";
import { PagePending } from "./page-pending.tsx";
import { sections } from "./sections.ts";
import { StatusBar } from "./status-bar.tsx";
import { followSystemTheme } from "./theme.ts";
import { useLiveUpdates } from "./use-live-updates.ts";

/** Most have signed in before: for them it is fetched after what they came for, so that it is there when their session ends. */
const fetchSignIn = () => import("../session/sign-in-page.tsx");
const SignInPage = lazy(async () => ({ default: (await fetchSignIn()).SignInPage }));

/** What is around every page: who one is, where one can go, and whether what is shown is live. */
export function Frame() {
  useEffect(followSystemTheme, []);
  const { data: session, error, isPending, refetch } = useQuery(sessionQuery);
  if (isPending) return <Outside />;
  if (session === undefined) return <PageFailed error={error} onRetry={() => void refetch()} />;
  return <Pages session={session ?? undefined} />;
}

function Outside() {
  return (
    <div className="tcm-outside">
      <PagePending />
    </div>
  );
}

/** Pages stay as they are when a session ends, out of sight, until the same person has signed in again. */
function Pages({ session }: { readonly session: SessionView | undefined }) {
  const [last, setLast] = useState(session);
  if (session !== undefined && session !== last) setLast(session);
  const isAway = session === undefined;
  useReturn(isAway);
  // What cannot be fetched now is asked for again when it is needed.
  useEffect(() => void fetchSignIn().catch(() => undefined), []);
  return (
    <>
      {isAway && (
        <Suspense fallback={<Outside />}>
          <SignInPage earlier={last} />
        </Suspense>
      )}
      {last !== undefined && (
        <SessionContext value={last}>
          <div className={isAway ? "" : "tcm-frame"} hidden={isAway}>
            <SignedIn key={last.name} isAdmin={last.permissions.includes("administer")} isAway={isAway} />
          </div>
        </SessionContext>
      )}
    </>
  );
}

/** What could not be read while nobody was signed in is read again, and a page that failed by it is shown anew. */
function useReturn(isAway: boolean): void {
  const queries = useQueryClient();
  const router = useRouter();
  const wasAway = useRef(isAway);
  useEffect(() => {
    if (wasAway.current === isAway) return;
    wasAway.current = isAway;
    if (isAway) return;
    document.getElementById("main")?.focus();
    void queries.resetQueries({ predicate: ({ state }) => state.status === "error" });
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
    void router.invalidate();
  }, [isAway, queries, router]);
}

function SignedIn({ isAdmin, isAway }: { readonly isAdmin: boolean; readonly isAway: boolean }) {
  const live = useLiveUpdates(isAway);
  const { pathname } = useLocation();
  useFocusOnNavigation(pathname);
  useKeptFocus();
  return (
    <>
      <Page
        isManagedSidebar
        skipToContent={<SkipToContent href="#main">Skip to the content</SkipToContent>}
        masthead={<Top live={live.state} />}
        sidebar={<Sections pathname={pathname} isAdmin={isAdmin} />}
        mainContainerId="main"
        mainTabIndex={-1}
      >
        <Suspense fallback={<PagePending />}>
          <Outlet />
        </Suspense>
      </Page>
      <StatusBar live={live} />
    </>
  );
}

function Top({ live }: { readonly live: LiveState }) {
  return (
    <Masthead display={{ default: "inline" }}>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton variant="plain" aria-label="Navigation">
            <BarsIcon />
          </PageToggleButton>
        </MastheadToggle>
        <MastheadBrand>
          <Link to="/" className="tcm-brand">
            <img src="/icon.svg" alt="" width="24" height="24" /> <span className="tcm-roomy">Trust Chain Manager</span>
          </Link>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent className="tcm-top-end">
        <LiveMark state={live} />
        <UserMenu />
      </MastheadContent>
    </Masthead>
  );
}

const liveWords: Readonly<Record<LiveState, readonly [words: string, more?: string]>> = {
  connecting: ["Connecting"],
  live: ["Live"],
  lost: ["Not live", ": trying again"],
};

function LiveMark({ state }: { readonly state: LiveState }) {
  const [words, more] = liveWords[state];
  return (
    <span role="status" className={`tcm-live tcm-live-${state}`}>
      {words}
      {more !== undefined && <span className="tcm-roomy">{more}</span>}
    </span>
  );
}

function Sections({ pathname, isAdmin }: { readonly pathname: string; readonly isAdmin: boolean }) {
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label="Sections">
          <NavList>
            {sections
              .filter((section) => isAdmin || section.forAdmins !== true)
              .map(({ path, name }) => (
                <NavItem key={path} isActive={path === "/" ? pathname === "/" : pathname.startsWith(path)}>
                  <Link to={path}>{name}</Link>
                </NavItem>
              ))}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}

/** A new page begins at its content, for who does not see that it has changed. */
function useFocusOnNavigation(pathname: string): void {
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    document.getElementById("main")?.focus();
  }, [pathname]);
}

/** Fetched when the page is there: nothing on it goes away before. */
function useKeptFocus(): void {
  useEffect(() => {
    const main = document.getElementById("main");
    const ending = new AbortController();
    void import("./keep-focus.ts").then(
      ({ keepFocus }) => main !== null && keepFocus(main, ending.signal),
      // It is no loss that stops anybody, and is fetched at the next visit.
      () => undefined,
    );
    return () => ending.abort();
  }, []);
}
