import { Alert, FormGroup, Radio } from "@patternfly/react-core";
import { createApiTokenRequest, type Role } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { ChoiceField } from "../text/choice-field.tsx";
import { NameField } from "../text/name-field.tsx";
import { lifetimes } from "./credential-rows.ts";
import { Dialog } from "./dialog.tsx";
import { RoleSelect } from "./role-select.tsx";
import type { Secret } from "./secret-once.tsx";

type Kind = "token" | "mets" | "console";

const kinds: readonly { readonly kind: Kind; readonly label: string; readonly description: string }[] = [
  { kind: "token", label: "Token", description: "For tcm and for programs of your own: Authorization: Bearer." },
  {
    kind: "mets",
    label: "API client for Akamai's tools",
    description:
      "An .edgerc for Terraform, the Go library or PowerShell, unchanged: no root is asked for unless they say so.",
  },
  {
    kind: "console",
    label: "API client with the console's defaults",
    description: "An .edgerc; a root is required unless it is said otherwise.",
  },
];

const nameRule =
  "Up to 64 letters, digits, spaces and _ . @ ( ) / + - with a letter or digit first. You know it by this name.";

type Props = { readonly onCreated: (secret: Secret) => void; readonly onClose: () => void };

export function NewCredential({ onCreated, onClose }: Props) {
  const [wish, setWish] = useState<Wish>({ name: "", role: "viewer", kind: "token", days: 90 });
  const create = useCreate(onCreated);
  const change = (part: Partial<Wish>): void => setWish({ ...wish, ...part });
  const { name, role, kind, days } = wish;
  return (
    <Dialog
      title="New credential"
      action="Create"
      isBusy={create.isPending}
      error={create.error}
      onAction={() => create.mutate(wish)}
      onClose={onClose}
    >
      <NameField
        id="credential-name"
        label="Name"
        value={name}
        onValue={(typed) => change({ name: typed })}
        rule={nameRule}
        isWrong={name !== "" && !createApiTokenRequest.shape.name.safeParse(name).success}
      />
      <KindChoice kind={kind} onKind={(chosen) => change({ kind: chosen })} />
      {kind !== "token" && location.protocol === "http:" && <NeedsTls />}
      <RoleSelect id="credential-role" role={role} onRole={(chosen) => change({ role: chosen })} />
      {kind === "token" && (
        <ChoiceField
          id="credential-days"
          label="Good for"
          choices={lifetimes}
          value={days}
          onValue={(chosen) => change({ days: chosen })}
        />
      )}
    </Dialog>
  );
}

type Wish = {
  readonly name: string;
  readonly role: Role;
  readonly kind: Kind;
  /** Of a token; undefined: until it is revoked. */
  readonly days: number | undefined;
};

function useCreate(onCreated: Props["onCreated"]) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: createSecret,
    onSuccess: async (secret) => {
      onCreated(secret);
      await Promise.all(["listTokens", "listApiClients"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
  });
}

async function createSecret({ name, role, kind, days }: Wish): Promise<Secret> {
  if (kind !== "token") {
    const { edgerc } = await client.call("createApiClient", { body: { name, role, profile: kind } });
    return { name, text: edgerc, isEdgerc: true };
  }
  const body = { name, role, ...(days !== undefined && { expiresInDays: days }) };
  return { name, text: (await client.call("createToken", { body })).token, isEdgerc: false };
}

function KindChoice({ kind, onKind }: { readonly kind: Kind; readonly onKind: (kind: Kind) => void }) {
  return (
    <FormGroup role="radiogroup" label="Kind" fieldId="credential-kind">
      {kinds.map((one) => (
        <Radio
          key={one.kind}
          id={`credential-${one.kind}`}
          name="credential-kind"
          label={one.label}
          description={one.description}
          isChecked={kind === one.kind}
          onChange={() => onKind(one.kind)}
        />
      ))}
    </FormGroup>
  );
}

function NeedsTls() {
  return (
    <Alert variant="info" isInline component="p" title="API clients work over TLS alone">
      <p>This server answers without TLS here, and refuses what they sign until it has a certificate.</p>
    </Alert>
  );
}
