import {
  Button,
  Card,
  CardBody,
  Checkbox,
  Form,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Radio,
  TextArea,
} from "@patternfly/react-core";
import type { EdgeCertificateView } from "@tcm/api-contract";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { ConfirmOpening } from "./confirm-opening.tsx";
import { readHostnames } from "./hostnames.ts";
import { openingsOf } from "./openings.ts";

type Props = { readonly edgeCertificate: EdgeCertificateView | undefined; readonly onDone: () => void };

/** Binds hostnames to a set, or changes how. Saving is a deployment to both networks. */
export function AssociationForm({ edgeCertificate, onDone }: Props) {
  const queries = useQueryClient();
  const { data } = useSuspenseQuery(read("listCaSets"));
  const sets = data.caSets.filter((set) => set.stagingVersion !== null && set.productionVersion !== null);
  const [hostnames, setHostnames] = useState(edgeCertificate?.hostnames.join("\n") ?? "");
  const [caSetId, setCaSetId] = useState(edgeCertificate?.clientAuthentication.caSetId ?? sets[0]?.caSetId ?? "");
  const [mode, setMode] = useState(edgeCertificate?.clientAuthentication.mode ?? "deny");
  const [sendsNames, setSendsNames] = useState(edgeCertificate?.clientAuthentication.sendCaListToClient ?? false);
  const save = useMutation({
    mutationFn: (confirm: boolean) => {
      const body = {
        hostnames: [...readHostnames(hostnames)],
        clientAuthentication: { caSetId, mode, sendCaListToClient: sendsNames },
      };
      const query = confirm ? { query: { confirm } } : {};
      if (edgeCertificate === undefined) return client.call("createEdgeCertificate", { body, ...query });
      const { edgeCertificateId } = edgeCertificate;
      return client.call("changeEdgeCertificate", { params: { edgeCertificateId }, body, ...query });
    },
    onSuccess: async () => {
      await queries.invalidateQueries();
      onDone();
    },
  });
  const openings = openingsOf(save.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(false);
  };
  return (
    <Card isCompact className="tcm-block">
      <CardBody>
        <Form onSubmit={submit} className="tcm-narrow">
          {save.isError && openings === undefined && <ProblemAlert error={save.error} />}
          {openings !== undefined && (
            <ConfirmOpening
              openings={openings}
              isBusy={save.isPending}
              onConfirm={() => save.mutate(true)}
              onCancel={save.reset}
            />
          )}
          <FormGroup label="Hostnames" fieldId="hostnames" isRequired>
            <TextArea
              id="hostnames"
              isRequired
              rows={3}
              spellCheck={false}
              value={hostnames}
              aria-describedby="hostnames-text"
              onChange={(_, value) => setHostnames(value)}
            />
            <FormHelperText>
              <HelperText id="hostnames-text">
                <HelperTextItem>One a line. A wildcard such as *.partners.example stands for one label.</HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
          <FormGroup label="Certificate set" fieldId="ca-set" isRequired>
            <FormSelect id="ca-set" value={caSetId} onChange={(_, value) => setCaSetId(value)}>
              {sets.length === 0 && <FormSelectOption value="" label="No set is on both networks yet" isDisabled />}
              {sets.map((set) => (
                <FormSelectOption key={set.caSetId} value={set.caSetId} label={set.caSetName} />
              ))}
            </FormSelect>
          </FormGroup>
          <FormGroup role="radiogroup" label="Clients without a good certificate" fieldId="mode">
            <Radio
              id="mode-deny"
              name="mode"
              label="are refused"
              isChecked={mode === "deny"}
              onChange={() => setMode("deny")}
            />
            <Radio
              id="mode-observe"
              name="mode"
              label="are let in and marked: to see who would be refused"
              isChecked={mode === "observe"}
              onChange={() => setMode("observe")}
            />
          </FormGroup>
          <Checkbox
            id="sends-names"
            label="Tell clients the names of the CAs"
            description="Some clients choose their certificate by it. It makes every handshake larger."
            isChecked={sendsNames}
            onChange={(_, value) => setSendsNames(value)}
          />
          <div className="tcm-actions">
            <Button type="submit" isDisabled={save.isPending || caSetId === ""} isLoading={save.isPending}>
              {edgeCertificate === undefined ? "Associate" : "Save and deploy"}
            </Button>
            <Button variant="link" onClick={onDone}>
              Cancel
            </Button>
          </div>
        </Form>
      </CardBody>
    </Card>
  );
}
