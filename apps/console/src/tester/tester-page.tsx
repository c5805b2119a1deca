import {
  Alert,
  Button,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  PageSection,
  TextArea,
} from "@patternfly/react-core";
import type { VerificationView } from "@tcm/api-contract";
import { useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { readHandedIn } from "../journey/read-files.ts";
import { refusedText } from "../journey/refused-text.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { VerificationResult } from "./verification-result.tsx";

/** Would an edge let this client in? Nothing is kept of what is asked. */
export function TesterPage() {
  usePageTitle("Try a client certificate");
  const { data } = useSuspenseQuery(read("listCaSets"));
  const sets = data.caSets.filter(({ latestVersion }) => latestVersion !== null);
  const [caSetId, setCaSetId] = useState(sets[0]?.caSetId ?? "");
  const [version, setVersion] = useState("");
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<readonly string[]>([]);
  const versions = useQuery({ ...read("listVersions", { params: { caSetId } }), enabled: caSetId !== "" });
  const newest = versions.data?.versions.toSorted((a, b) => b.version - a.version) ?? [];
  const chosen = Number(version === "" ? newest[0]?.version : version);
  const verify = useMutation({
    mutationFn: (clientChainPem: string): Promise<VerificationView> =>
      client.call("verifyAgainstVersion", { params: { caSetId, version: chosen }, body: { clientChainPem } }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { found, refused: notTaken } = readHandedIn([{ name: "pasted text", bytes: new TextEncoder().encode(text) }]);
    setRefused(notTaken.map(refusedText));
    if (notTaken.length > 0) return setText("");
    verify.mutate(found.map(({ certificatePem }) => certificatePem).join("\n"));
  };
  return (
    <PageSection>
      <h1 className="tcm-title">Try a client certificate</h1>
      <p className="tcm-block">
        Would an edge let this client in, with a version that is deployed or not? Paste its certificate and what it
        sends with it, never its key.
      </p>
      <Form onSubmit={submit} className="tcm-narrow">
        <FormGroup label="Certificate set" fieldId="tester-set">
          <FormSelect
            id="tester-set"
            value={caSetId}
            onChange={(_, value) => {
              setCaSetId(value);
              setVersion("");
            }}
          >
            {sets.length === 0 && <FormSelectOption value="" label="There is no set with a version yet" isDisabled />}
            {sets.map((set) => (
              <FormSelectOption key={set.caSetId} value={set.caSetId} label={set.caSetName} />
            ))}
          </FormSelect>
        </FormGroup>
        <FormGroup label="Version" fieldId="tester-version">
          <FormSelect id="tester-version" value={version} onChange={(_, value) => setVersion(value)}>
            {newest.map((one, i) => (
              <FormSelectOption
                key={one.version}
                value={i === 0 ? "" : String(one.version)}
                label={versionLabel(one)}
              />
            ))}
          </FormSelect>
        </FormGroup>
        <FormGroup label="Client certificate in PEM, the client's own first" fieldId="chain" isRequired>
          <TextArea
            id="chain"
            isRequired
            rows={8}
            spellCheck={false}
            className="tcm-mono"
            value={text}
            onChange={(_, value) => setText(value)}
          />
        </FormGroup>
        <div>
          <Button
            type="submit"
            isLoading={verify.isPending}
            isDisabled={verify.isPending || caSetId === "" || text.trim() === ""}
          >
            Try it
          </Button>
        </div>
      </Form>
      {refused.map((sentence) => (
        <Alert key={sentence} variant="danger" isInline isLiveRegion component="h2" title={sentence} />
      ))}
      {verify.isError && <ProblemAlert error={verify.error} />}
      {verify.data !== undefined && <VerificationResult result={verify.data} />}
    </PageSection>
  );
}

function versionLabel(one: {
  readonly version: number;
  readonly stagingStatus: string;
  readonly productionStatus: string;
}): string {
  const where = [
    ...(one.stagingStatus === "ACTIVE" ? ["staging"] : []),
    ...(one.productionStatus === "ACTIVE" ? ["production"] : []),
  ];
  return `version ${one.version}${where.length === 0 ? ", not deployed" : `, on ${where.join(" and ")}`}`;
}
