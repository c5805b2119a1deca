import { Button, Card, CardBody, Form } from "@patternfly/react-core";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import type { EdgeCertificateView } from "@tcm/api-contract";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { PagePending } from "../frame/page-pending.tsx";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { draftOf, requestOf } from "./association-draft.ts";
import { AssociationFields } from "./association-fields.tsx";
import { ConfirmOpening } from "./confirm-opening.tsx";
import { missingNetworks } from "./missing-networks.ts";
import { openingsOf } from "./openings.ts";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  /** Which is changed; undefined: a new one is made. */
  readonly edgeCertificateId: number | undefined;
  /** The set that it is to use; undefined: that is chosen here. */
  readonly caSetId?: string;
  readonly onSaved: (edgeCertificateId: number) => void;
  readonly onCancel: () => void;
};

/** Associates an edge certificate with a set, or changes how. Saving is a deployment to both networks. */
export function AssociationForm(props: Props) {
  if (props.edgeCertificateId === undefined) return <Fields {...props} />;
  return <Existing {...props} edgeCertificateId={props.edgeCertificateId} />;
}

/** As it was when the form was opened, with its tag: who changed it since then is not overwritten. */
function Existing(props: Props & { readonly edgeCertificateId: number }) {
  const { edgeCertificateId } = props;
  const { data, error } = useQuery({
    queryKey: ["edgeCertificateToChange", edgeCertificateId],
    queryFn: ({ signal }) => client.send("getEdgeCertificate", { params: { edgeCertificateId }, signal }),
    // Another time it is another form.
    gcTime: 0,
  });
  if (data !== undefined) return <Fields {...props} start={data.body} tag={data.etag} />;
  return error === null ? <PagePending /> : <ProblemAlert error={error} live={false} />;
}

type FieldsProps = Props & { readonly start?: EdgeCertificateView; readonly tag?: string | undefined };

function Fields({ start, tag: firstTag, caSetId, onSaved, onCancel }: FieldsProps) {
  const queries = useQueryClient();
  const [tag] = useState(firstTag);
  const only = useOnlySet();
  const [draft, setDraft] = useState(() => draftOf(start, caSetId ?? (start === undefined ? only : undefined)));
  const save = useMutation({
    mutationFn: (confirm: boolean): Promise<EdgeCertificateView> => {
      const call = { body: requestOf(draft), ...(confirm && { query: { confirm } }) };
      if (start === undefined) return client.call("createEdgeCertificate", call);
      const params = { edgeCertificateId: start.edgeCertificateId };
      return client.call("changeEdgeCertificate", { params, ...call, ...(tag !== undefined && { ifMatch: tag }) });
    },
    onSuccess: async ({ edgeCertificateId }) => {
      onSaved(edgeCertificateId);
      await queries.invalidateQueries();
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
          <AssociationFields draft={draft} isSetChosen={caSetId !== undefined} onChange={setDraft} />
          <div className="tcm-actions">
            <BusyButton type="submit" isDisabled={draft.caSetId === ""} isBusy={save.isPending}>
              {start === undefined ? "Associate" : "Save and deploy"}
            </BusyButton>
            <Button variant="link" onClick={onCancel}>
              Cancel
            </Button>
          </div>
        </Form>
      </CardBody>
    </Card>
  );
}

/** Where there is one set that can be used, it is meant. */
function useOnlySet(): string | undefined {
  const { data } = useSuspenseQuery(read("listCaSets"));
  const ready = data.caSets.filter((set) => missingNetworks(set).length === 0);
  return ready.length === 1 ? ready[0]?.caSetId : undefined;
}
