import { Alert, Button, Checkbox, FormGroup, PageSection, Skeleton } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { PagePending } from "../frame/page-pending.tsx";
import { usePageTitle } from "../frame/use-page-title.ts";
import { hasStrategyFault, usualStrategy } from "../journey/strategy.ts";
import { LeaveWarning } from "../journey/leave-warning.tsx";
import { ruleText } from "../journey/location-rule.ts";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { ChangeOnNetwork } from "./change-on-network.tsx";
import { StrategyChoice } from "./strategy-choice.tsx";

/** Fetched while the person decides. */
const fetchProgress = () => import("../journey/progress-step.tsx");
const ProgressStep = lazy(async () => ({ default: (await fetchProgress()).ProgressStep }));

/** What deploying a version changes on each network, then the deployment itself. */
export function DeployPage() {
  const { caSetId, version } = useParams({ from: "/ca-sets/$caSetId/versions/$version/deploy" });
  const { networks = "STAGING" } = useSearch({ from: "/ca-sets/$caSetId/versions/$version/deploy" });
  const [look, setLook] = useState(0);
  const tag = useTag(caSetId, Number(version), look);
  if (tag === undefined) return <PagePending />;
  // Another version, as of a roll back from here, begins anew; and the same when it was changed meanwhile.
  return (
    <Deploy
      key={`${caSetId} ${version} ${networks} ${look}`}
      caSetId={caSetId}
      version={Number(version)}
      wanted={networks}
      etag={tag.etag}
      onLookAgain={() => setLook(look + 1)}
    />
  );
}

type DeployProps = {
  readonly caSetId: string;
  readonly version: number;
  readonly wanted: Network;
  readonly etag: string | undefined;
  readonly onLookAgain: () => void;
};

/**
 * The tag of the version as this page began to show it, read anew each time and before what it would change: a change that nobody has
 * seen is not deployed. Undefined: it is being read.
 */
function useTag(caSetId: string, version: number, look: number): { readonly etag: string | undefined } | undefined {
  const { data } = useQuery({
    queryKey: ["versionToDeploy", caSetId, version, look],
    queryFn: async ({ signal }) => {
      const { etag } = await client.send("getVersion", { params: { caSetId, version }, signal });
      return { etag };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    throwOnError: true,
  });
  return data;
}

function Deploy({ caSetId, version, wanted, etag: firstTag, onLookAgain }: DeployProps) {
  const [etag] = useState(firstTag);
  const { data: set } = useSuspenseQuery(read("getCaSet", { params: { caSetId } }));
  const mayDeploy = { STAGING: useMay("deploy-staging"), PRODUCTION: useMay("deploy-production") };
  const [chosen, setChosen] = useState<readonly Network[]>(mayDeploy[wanted] ? [wanted] : []);
  const [strategy, setStrategy] = useState(usualStrategy);
  const [isBegun, setBegun] = useState(false);
  const isWaitedFor = useRef(false);
  // What cannot be fetched now is asked for again when it is needed.
  useEffect(() => void fetchProgress().catch(() => undefined), []);
  usePageTitle(`Deploy ${set.caSetName} version ${version}`);
  const begin = (): void => {
    isWaitedFor.current = chosen.length > 1;
    setBegun(true);
  };
  return (
    <PageSection>
      <LeaveWarning
        isDirty={() => isWaitedFor.current}
        what="Production begins from this page, when staging is complete."
      />
      <p>
        <Link to="/ca-sets/$caSetId" params={{ caSetId }} className="tcm-name">
          {set.caSetName}
        </Link>
      </p>
      <h1 className="tcm-title">{`Deploy version ${version}`}</h1>
      {isBegun ? (
        <div className="tcm-work">
          <Suspense fallback={<PagePending />}>
            <ProgressStep
              saved={{ caSetId, version, etag }}
              onLookAgain={onLookAgain}
              networks={chosen}
              strategy={strategy}
              onEnded={() => {
                isWaitedFor.current = false;
              }}
              onWaiting={() => {
                isWaitedFor.current = chosen.length > 1;
              }}
            />
          </Suspense>
        </div>
      ) : (
        <div className="tcm-work">
          <LocationChoice chosen={chosen} mayDeploy={mayDeploy} onChosen={setChosen} />
          <p>{ruleText(set.stagingVersion === null && set.productionVersion === null, chosen)}</p>
          {chosen.map((network) => (
            <Change key={network} set={set} version={version} network={network} />
          ))}
          <StrategyChoice strategy={strategy} onStrategy={setStrategy} />
          <Button onClick={begin} isDisabled={chosen.length === 0 || hasStrategyFault(strategy)}>
            Deploy
          </Button>
        </div>
      )}
    </PageSection>
  );
}

type LocationProps = {
  readonly chosen: readonly Network[];
  readonly mayDeploy: Readonly<Record<Network, boolean>>;
  readonly onChosen: (chosen: readonly Network[]) => void;
};

function LocationChoice({ chosen, mayDeploy, onChosen }: LocationProps) {
  const choose = (network: Network, isChosen: boolean): void =>
    onChosen(isChosen ? [...chosen, network] : chosen.filter((one) => one !== network));
  return (
    <FormGroup role="group" label="Select a deployment location" fieldId="locations">
      {(["STAGING", "PRODUCTION"] as const).map((network) => (
        <Checkbox
          key={network}
          id={`location-${network}`}
          label={networkName[network]}
          description={mayDeploy[network] ? undefined : "Your role may not deploy here."}
          isDisabled={!mayDeploy[network]}
          isChecked={chosen.includes(network)}
          onChange={(_, value) => choose(network, value)}
        />
      ))}
    </FormGroup>
  );
}

type ChangeProps = { readonly set: CaSetView; readonly version: number; readonly network: Network };

function Change({ set, version, network }: ChangeProps) {
  const active = network === "STAGING" ? set.stagingVersion : set.productionVersion;
  const title = `What changes on ${networkName[network].toLowerCase()}`;
  return (
    <section aria-label={title}>
      <h2 className="tcm-heading">{title}</h2>
      {active === null && <p>Nothing of this set is there yet: nobody loses access.</p>}
      {active === version && (
        <Alert
          variant="info"
          isInline
          isPlain
          component="p"
          title="This version is there already. Only when its last deployment failed it can be deployed again, so that every node proves it."
        />
      )}
      {active !== null && active !== version && (
        <Diff caSetId={set.caSetId} version={version} against={active} network={network} />
      )}
    </section>
  );
}

type DiffProps = {
  readonly caSetId: string;
  readonly version: number;
  readonly against: number;
  readonly network: Network;
};

function Diff({ caSetId, version, against, network }: DiffProps) {
  const { data, error, isFetchedAfterMount } = useQuery({
    // What was kept from before may be of a version that was edited since.
    refetchOnMount: "always",
    queryKey: ["compareVersions", caSetId, version, against],
    queryFn: ({ signal }) =>
      client.call("compareVersions", { params: { caSetId, version }, query: { against }, signal }),
  });
  if (error !== null) return <ProblemAlert error={error} live={false} />;
  if (data === undefined || !isFetchedAfterMount)
    return <Skeleton height="8rem" screenreaderText={`Being compared with version ${against}`} />;
  return <ChangeOnNetwork caSetId={caSetId} network={network} against={against} changes={data} />;
}
