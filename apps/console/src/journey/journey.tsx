import { Button, Content, PageSection, Split, SplitItem } from "@patternfly/react-core";
import PencilAltIcon from "@patternfly/react-icons/dist/esm/icons/pencil-alt-icon";
import { ApiProblem } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useReducer, useRef, useState } from "react";
import { client } from "../api/client.ts";
import { ChainTree } from "../structure/chain-tree.tsx";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { CertificatesTable } from "./certificates-table.tsx";
import { changeDraft, type Draft, draftBody, isAccepted, isChanged, type Verdict } from "./draft.ts";
import { LeaveWarning } from "./leave-warning.tsx";
import { type Choice, LocationStep } from "./location-step.tsx";
import { NameStep } from "./name-step.tsx";
import { OptionsForm } from "./options-form.tsx";
import { ProgressStep } from "./progress-step.tsx";
import { type HandedIn, readHandedIn } from "./read-files.ts";
import { type Saved, saveDraft } from "./save-and-deploy.ts";
import { UploadForm } from "./upload-form.tsx";
import { VerdictView } from "./verdict-view.tsx";

type Step = "name" | "certificates" | "location" | "progress";

export type JourneyStart = {
  readonly draft: Draft;
  readonly caSetName: string;
  /** Undefined: the set is made when the version is saved. */
  readonly caSetId: string | undefined;
  /** What the version will be numbered, as far as one can know. */
  readonly version: number;
  /** No network has the set. */
  readonly isNew: boolean;
  readonly takenNames: ReadonlySet<string>;
};

/** From a name to a deployed version. Nothing is written before Save or Deploy. */
export function Journey({ start }: { readonly start: JourneyStart }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>(start.caSetId === undefined ? "name" : "certificates");
  const [caSetName, setName] = useState(start.caSetName);
  const [draft, change] = useReducer(changeDraft, start.draft);
  const [saved, setSaved] = useState<Saved>();
  const [networks, setNetworks] = useState<readonly Network[]>([]);
  const caSetId = useRef(start.caSetId);
  const isWaitedFor = useRef(false);
  const isDone = useRef(false);
  const isDirty = (): boolean =>
    !isDone.current && (isChanged(start.draft, draft) || caSetName !== start.caSetName || isWaitedFor.current);

  const judge = useMutation({
    mutationFn: () => judgeDraft(draft),
    onSuccess: (verdict) => change({ type: "judge", verdict }),
  });
  const { mutate: judgeNow } = judge;
  const hasBegun = useRef(false);
  // What an earlier version holds is shown with its structure at once.
  useEffect(() => {
    if (hasBegun.current || start.draft.certificates.length === 0) return;
    hasBegun.current = true;
    judgeNow();
  }, [judgeNow, start.draft]);
  const save = useMutation({
    mutationFn: ({ description }: Choice) =>
      saveDraft(
        draft,
        caSetId.current === undefined ? { caSetName } : { caSetId: caSetId.current },
        description,
        (id) => {
          caSetId.current = id;
        },
      ),
    onSuccess: async (done, { networks: chosen }) => {
      setSaved(done);
      isDone.current = chosen.length === 0;
      isWaitedFor.current = chosen.length > 1;
      await queries.invalidateQueries();
      if (chosen.length === 0) return navigate({ to: "/ca-sets/$caSetId", params: { caSetId: done.caSetId } });
      isDone.current = chosen.length === 1;
      setNetworks(chosen);
      setStep("progress");
      return undefined;
    },
  });
  const addFiles = (files: readonly HandedIn[]): void => change({ type: "add", ...readHandedIn(files) });
  const structure = draft.verdict?.ok === true ? draft.verdict.response.trustChains : undefined;
  const version = saved?.version ?? start.version;

  return (
    <PageSection>
      <LeaveWarning isDirty={isDirty} what={saved === undefined ? notSaved : stillDeploying} />
      <h1 className="tcm-title">
        {start.caSetId === undefined ? "Create new set" : `New version of ${start.caSetName}`}
      </h1>
      <Split hasGutter isWrappable className="tcm-journey">
        <SplitItem className="tcm-side">
          <h2 className="tcm-heading">Certificate sets</h2>
          {step === "name" ? (
            <p className="tcm-faint">The name and the version appear here.</p>
          ) : (
            <>
              <p className="tcm-set-name">
                <span className="tcm-name">{`${caSetName} — version ${version}${saved === undefined ? " (draft)" : ""}`}</span>
                {start.caSetId === undefined && saved === undefined && (
                  <Button
                    variant="plain"
                    aria-label="Rename the set"
                    icon={<PencilAltIcon />}
                    onClick={() => setStep("name")}
                  />
                )}
              </p>
              {structure === undefined ? (
                <p className="tcm-faint">Upload and validate chains to see how the certificates hang together.</p>
              ) : (
                <ChainTree structure={structure} label={`Structure of ${caSetName}`} />
              )}
            </>
          )}
        </SplitItem>
        <SplitItem isFilled className="tcm-work">
          {step === "name" && (
            <NameStep
              name={caSetName}
              takenNames={start.takenNames}
              onNext={(name) => {
                setName(name);
                setStep("certificates");
              }}
            />
          )}
          {step === "certificates" && (
            <>
              <UploadForm onFiles={addFiles} />
              <VerdictView draft={draft} />
              {judge.isError && <ProblemAlert error={judge.error} />}
              {draft.certificates.length > 0 && (
                <>
                  <Content component="p">{plural(draft.certificates.length, "certificate")} in this version.</Content>
                  <CertificatesTable draft={draft} onRemove={(ids) => change({ type: "remove", ids })} />
                </>
              )}
              <OptionsForm
                options={draft.options}
                onSet={(option, value) => change({ type: "set-option", option, value })}
              />
              <div className="tcm-actions">
                <Button
                  isDisabled={draft.certificates.length === 0 || judge.isPending}
                  isLoading={judge.isPending}
                  variant={isAccepted(draft) ? "secondary" : "primary"}
                  onClick={() => judge.mutate()}
                >
                  Upload and validate chains
                </Button>
                <Button
                  isDisabled={!isAccepted(draft)}
                  variant={isAccepted(draft) ? "primary" : "secondary"}
                  onClick={() => setStep("location")}
                >
                  Next: where to deploy
                </Button>
                <Button variant="link" onClick={() => void navigate({ to: "/ca-sets" })}>
                  Cancel
                </Button>
              </div>
            </>
          )}
          {step === "location" && (
            <>
              {save.isError && <ProblemAlert error={save.error} />}
              <LocationStep
                isNew={start.isNew}
                isBusy={save.isPending}
                onSave={save.mutate}
                onDeploy={save.mutate}
                onBack={() => setStep("certificates")}
              />
            </>
          )}
          {step === "progress" && saved !== undefined && (
            <ProgressStep
              saved={saved}
              networks={networks}
              onEnded={() => {
                isDone.current = true;
              }}
            />
          )}
        </SplitItem>
      </Split>
    </PageSection>
  );
}

const notSaved = "What was handed in here is written nowhere yet. Leaving discards it.";
const stillDeploying =
  "Production begins from this page, when staging is complete. The version is saved; leaving means that you deploy it to production later.";

async function judgeDraft(draft: Draft): Promise<Verdict> {
  try {
    return { ok: true, response: await client.call("validateCertificates", { body: draftBody(draft) }) };
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status < 500)
      return { ok: false, items: error.problem.errors ?? [], error };
    throw error;
  }
}
