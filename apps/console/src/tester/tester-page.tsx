import {
  Alert,
  Button,
  EmptyState,
  EmptyStateBody,
  EmptyStateFooter,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  PageSection,
} from "@patternfly/react-core";
import type { VerificationView } from "@tcm/api-contract";
import { useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { ChainField } from "./chain-field.tsx";
import { type ClientChain, readPasted } from "./client-chain.ts";
import { chosenTarget, type Target, targetsOf, testerTitle } from "./tester-target.ts";
import { VerificationResult } from "./verification-result.tsx";
import { BusyButton } from "../text/busy-button.tsx";

/** Would an edge let this client in? Nothing is kept of what is asked. */
export function TesterPage() {
  const choice = useChoice();
  usePageTitle(testerTitle(choice.sets.find(({ caSetId }) => caSetId === choice.caSetId)?.caSetName));
  return (
    <PageSection>
      <h1 className="tcm-title">Try a client certificate</h1>
      <p className="tcm-block tcm-narrow">
        Would an edge let this client in? Any version answers, deployed or not. Hand in the client&apos;s certificate
        and what it sends with it, never its key. Nothing of it is kept.
      </p>
      {choice.sets.length === 0 ? <NothingDecides /> : <Tester {...choice} />}
    </PageSection>
  );
}

function NothingDecides() {
  const navigate = useNavigate();
  const mayEdit = useMay("edit");
  return (
    <EmptyState titleText="There is no version to try a client on" headingLevel="h2">
      <EmptyStateBody>
        As soon as a certificate set has a version, this page says whether a client would be let in, by which path, and
        if not, why.
      </EmptyStateBody>
      {mayEdit && (
        <EmptyStateFooter>
          <Button onClick={() => void navigate({ to: "/ca-sets" })}>Manage Certificate Sets</Button>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}

function Tester({ targets, target, ...choice }: ReturnType<typeof useChoice>) {
  const [chain, setChain] = useState<ClientChain>({ pem: "", refused: [] });
  const verify = useMutation({ mutationFn: ask });
  /** An answer about the certificate before is not taken for one about this. */
  const change = (handedIn: ClientChain): void => {
    verify.reset();
    setChain(handedIn);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // What was refused stays to be read until there is something to try.
    if (chain.pem === "" && chain.refused.length > 0) return;
    const { pem, refused } = readPasted(chain.pem);
    if (refused.length > 0) return change({ pem, refused });
    if (target !== undefined) verify.mutate({ target, clientChainPem: pem });
  };
  return (
    <>
      <Form onSubmit={submit} className="tcm-narrow">
        <SetSelect {...choice} />
        <TargetSelect targets={targets} target={target} onTarget={choice.onTarget} />
        <ChainField text={chain.pem} onChain={change} />
        {chain.refused.map((sentence) => (
          <Alert key={sentence} variant="danger" isInline isLiveRegion component="h2" title={sentence} />
        ))}
        <div>
          <BusyButton type="submit" isBusy={verify.isPending} isDisabled={target === undefined}>
            Try it
          </BusyButton>
        </div>
      </Form>
      {verify.isError && (
        <div className="tcm-result">
          <ProblemAlert error={verify.error} />
        </div>
      )}
      {verify.data !== undefined && <VerificationResult key={verify.submittedAt} result={verify.data} />}
    </>
  );
}

type Question = { readonly target: Target; readonly clientChainPem: string };

function ask({ target: { search }, clientChainPem }: Question): Promise<VerificationView> {
  const { caSetId = "", version, network } = search;
  const body = { clientChainPem };
  return version === undefined
    ? client.call("verifyAgainstNetwork", { params: { caSetId }, query: { ...(network && { network }) }, body })
    : client.call("verifyAgainstVersion", { params: { caSetId, version }, body });
}

/** What decides is in the address: a link to this page says it too. */
function useChoice() {
  const search = useSearch({ from: "/try" });
  const navigate = useNavigate();
  const { data } = useSuspenseQuery(read("listCaSets"));
  const sets = data.caSets.filter(({ latestVersion }) => latestVersion !== null);
  const caSetId = sets.find((set) => set.caSetId === search.caSetId)?.caSetId ?? sets[0]?.caSetId ?? "";
  const versions = useQuery({ ...read("listVersions", { params: { caSetId } }), enabled: caSetId !== "" });
  const targets = targetsOf(caSetId, versions.data?.versions ?? []);
  return {
    sets,
    caSetId,
    targets,
    target: chosenTarget(targets, search),
    onSet: (id: string): void => void navigate({ to: "/try", search: { caSetId: id }, replace: true }),
    onTarget: (target: Target): void => void navigate({ to: "/try", search: target.search, replace: true }),
  };
}

type SetProps = Pick<ReturnType<typeof useChoice>, "sets" | "caSetId" | "onSet">;

function SetSelect({ sets, caSetId, onSet }: SetProps) {
  return (
    <FormGroup label="Certificate set" fieldId="tester-set">
      <FormSelect id="tester-set" value={caSetId} onChange={(_, value) => onSet(value)}>
        {sets.map((set) => (
          <FormSelectOption key={set.caSetId} value={set.caSetId} label={set.caSetName} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}

type TargetProps = Pick<ReturnType<typeof useChoice>, "targets" | "target" | "onTarget">;

function TargetSelect({ targets, target, onTarget }: TargetProps) {
  const choose = (value: string): void => {
    const chosen = targets.find((one) => one.value === value);
    if (chosen !== undefined) onTarget(chosen);
  };
  return (
    <FormGroup label="Decided by" fieldId="tester-target">
      <FormSelect id="tester-target" value={target?.value ?? ""} onChange={(_, value) => choose(value)}>
        {targets.map(({ value, label }) => (
          <FormSelectOption key={value} value={value} label={label} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}
