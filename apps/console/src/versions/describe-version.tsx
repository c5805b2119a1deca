import { Button, FormGroup, TextInput } from "@patternfly/react-core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { VersionView } from "@tcm/api-contract";
import { useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { Dialog } from "../people/dialog.tsx";

/** What a version is for, in the words of people. Once it was deployed nothing of it changes, and nothing is offered. */
export function DescribeVersion({ version: view }: { readonly version: VersionView }) {
  const params = { caSetId: view.caSetId, version: view.version };
  const { data } = useQuery(read("listVersionActivations", { params }));
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [description, setDescription] = useState(view.description ?? "");
  const save = useMutation({
    mutationFn: () => describe(params, description),
    onSuccess: async () => {
      await queries.invalidateQueries();
      setOpen(false);
    },
  });
  if (data === undefined || data.activations.length > 0) return null;
  const close = (): void => {
    setOpen(false);
    setDescription(view.description ?? "");
    save.reset();
  };
  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        Describe
      </Button>
      {isOpen && (
        <Dialog
          title={`Describe version ${view.version}`}
          action="Save"
          isBusy={save.isPending}
          error={save.error}
          onAction={save.mutate}
          onClose={close}
        >
          <p className="tcm-faint">Once it is deployed anywhere, it stays as it is.</p>
          <FormGroup label="What it is for" fieldId="version-description">
            <TextInput
              id="version-description"
              value={description}
              maxLength={255}
              onChange={(_, value) => setDescription(value)}
            />
          </FormGroup>
        </Dialog>
      )}
    </>
  );
}

/** The API replaces versions as a whole: as it is now, guarded by its tag, so that another's change is not undone. */
async function describe(
  params: { readonly caSetId: string; readonly version: number },
  description: string,
): Promise<void> {
  const { body, etag } = await client.send("getVersion", { params });
  const { requireRootCertificate, allowInsecureSha1, allowDuplicateCommonNames, certificates = [] } = body;
  await client.call("replaceVersion", {
    params,
    ...(etag !== undefined && { ifMatch: etag }),
    body: {
      requireRootCertificate,
      allowInsecureSha1,
      allowDuplicateCommonNames,
      description: description.trim() === "" ? null : description.trim(),
      certificates: certificates.map((one) => ({
        certificatePem: one.certificatePem,
        description: one.description,
      })),
    },
  });
}
