import { Button, Checkbox, FormGroup, PageSection, Radio } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import type { Strategy } from "../journey/activate.ts";
import { LeaveWarning } from "../journey/leave-warning.tsx";
import { ruleText } from "../journey/location-rule.ts";
import { ProgressStep } from "../journey/progress-step.tsx";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { VersionDiff } from "../versions/version-diff.tsx";

/** What deploying a version changes on each network, then the deployment itself. */
export function DeployPage() {
  const { caSetId, version } = useParams({ from: "/ca-sets/$caSetId/versions/$version/deploy" });
  const { networks: wanted = "STAGING" } = useSearch({ from: "/ca-sets/$caSetId/versions/$version/deploy" });
  const { data: set } = useSuspenseQuery(read("getCaSet", { params: { caSetId } }));
  const mayDeploy = { STAGING: useMay("deploy-staging"), PRODUCTION: useMay("deploy-production") };
  const [chosen, setChosen] = useState<readonly Network[]>(mayDeploy[wanted] ? [wanted] : []);
  const [strategy, setStrategy] = useState<Strategy>("ALL_AT_ONCE");
  const [isBegun, setBegun] = useState(false);
  const isWaitedFor = useRef(false);
  usePageTitle(`Deploy ${set.caSetName} version ${version}`);
  const choose = (network: Network, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, network] : chosen.filter((one) => one !== network));
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
        <ProgressStep
          saved={{ caSetId, version: Number(version) }}
          networks={chosen}
          strategy={strategy}
          onEnded={() => {
            isWaitedFor.current = false;
          }}
        />
      ) : (
        <div className="tcm-work">
          <FormGroup role="group" label="Select a deployment location" fieldId="locations">
            {(["STAGING", "PRODUCTION"] as const).map((network) => (
              <Checkbox
                key={network}
                id={`location-${network}`}
                label={networkName[network]}
                isDisabled={!mayDeploy[network]}
                isChecked={chosen.includes(network)}
                onChange={(_, value) => choose(network, value)}
              />
            ))}
          </FormGroup>
          <FormGroup role="radiogroup" label="In what order" fieldId="strategy">
            <Radio
              id="strategy-all"
              name="strategy"
              label="All nodes at once"
              isChecked={strategy === "ALL_AT_ONCE"}
              onChange={() => setStrategy("ALL_AT_ONCE")}
            />
            <Radio
              id="strategy-one"
              name="strategy"
              label="One node first"
              description="It is watched for 30 seconds. When a client is refused whose CA this change removes, the deployment stops there."
              isChecked={strategy === "ONE_NODE_FIRST"}
              onChange={() => setStrategy("ONE_NODE_FIRST")}
            />
          </FormGroup>
          <p>{ruleText(set.stagingVersion === null && set.productionVersion === null, chosen)}</p>
          {chosen.map((network) => (
            <Change key={network} set={set} version={Number(version)} network={network} />
          ))}
          <Button onClick={begin} isDisabled={chosen.length === 0}>
            Deploy
          </Button>
        </div>
      )}
    </PageSection>
  );
}

type ChangeProps = { readonly set: CaSetView; readonly version: number; readonly network: Network };

function Change({ set, version, network }: ChangeProps) {
  const active = network === "STAGING" ? set.stagingVersion : set.productionVersion;
  const title = `What changes on ${networkName[network].toLowerCase()}`;
  return (
    <section aria-label={title}>
      <h2 className="tcm-heading">{title}</h2>
      {active === null && <p>Nothing of this set is there yet.</p>}
      {active === version && <p>This version is there already; deploying it again changes nothing.</p>}
      {active !== null && active !== version && <Diff caSetId={set.caSetId} version={version} against={active} />}
    </section>
  );
}

type DiffProps = { readonly caSetId: string; readonly version: number; readonly against: number };

function Diff({ caSetId, version, against }: DiffProps) {
  const { data, error } = useQuery({
    queryKey: ["compareVersions", caSetId, version, against],
    queryFn: ({ signal }) =>
      client.call("compareVersions", { params: { caSetId, version }, query: { against }, signal }),
  });
  if (error !== null) return <ProblemAlert error={error} live={false} />;
  return data === undefined ? <p>Being compared with version {against}.</p> : <VersionDiff diff={data} />;
}
