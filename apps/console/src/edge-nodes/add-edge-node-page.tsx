import { Alert, Button, ClipboardCopy, Form, PageSection } from "@patternfly/react-core";
import { createJoinTokenRequest, type JoinTokenView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { ChoiceField } from "../text/choice-field.tsx";
import { NameField } from "../text/name-field.tsx";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";
import { joinCommands } from "./join-commands.ts";
import { BusyButton } from "../text/busy-button.tsx";

/** How one machine becomes a node: a token, and what to do with it there. */
export function AddEdgeNodePage() {
  usePageTitle("Add an edge node");
  const mayAdd = useMay("change-edges");
  const create = useMutation({
    mutationFn: (body: Wish) => client.call("createJoinToken", { body }),
  });
  return (
    <PageSection>
      <p>
        <Link to="/edge-nodes">Edge nodes</Link>
      </p>
      <h1 className="tcm-title">Add an edge node</h1>
      <p className="tcm-block tcm-narrow">
        A node is one proxy with an agent beside it. The agent joins one network with a token, which is good once; its
        key never leaves the machine.
      </p>
      {create.isError && (
        <div className="tcm-block">
          <ProblemAlert error={create.error} />
        </div>
      )}
      {!mayAdd && <p>Your role may not add nodes. Ask a deployer.</p>}
      {mayAdd && create.data === undefined && <TokenForm isBusy={create.isPending} onCreate={create.mutate} />}
      {create.data !== undefined && <Joining token={create.data} onAnother={create.reset} />}
    </PageSection>
  );
}

type Wish = {
  readonly network: Network;
  readonly engine: "built-in" | "haproxy" | "nginx";
  readonly nodeId: string | null;
  readonly expiresInSeconds: (typeof lifetimes)[number][0];
};

const networks = [
  ["STAGING", networkName.STAGING],
  ["PRODUCTION", networkName.PRODUCTION],
] as const;
const engines = [
  ["haproxy", "haproxy"],
  ["nginx", "nginx"],
  ["built-in", "built-in"],
] as const;
const lifetimes = [
  [900, "15 minutes"],
  [3_600, "1 hour"],
  [28_800, "8 hours"],
  [86_400, "1 day"],
] as const;

type FormProps = { readonly isBusy: boolean; readonly onCreate: (wish: Wish) => void };

function TokenForm({ isBusy, onCreate }: FormProps) {
  const [wish, setWish] = useState<Wish>({
    network: "STAGING",
    engine: "haproxy",
    nodeId: null,
    expiresInSeconds: 900,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onCreate(wish);
  };
  const chosen = <K extends "network" | "engine" | "expiresInSeconds">(name: K) => ({
    id: `join-${name}`,
    value: wish[name],
    onValue: (value: Wish[K]): void => setWish({ ...wish, [name]: value }),
  });
  return (
    <Form onSubmit={submit} noValidate={false} className="tcm-narrow">
      <ChoiceField {...chosen("network")} label="Network" choices={networks} />
      <ChoiceField {...chosen("engine")} label="Engine" choices={engines} />
      <NameField
        id="join-name"
        label="Name of the node"
        value={wish.nodeId ?? ""}
        onValue={(name) => setWish({ ...wish, nodeId: name === "" ? null : name })}
        isRequired={false}
        rule="Small letters, digits, dots and hyphens. Left empty the node gets a new name; the name of a node that is known makes the new machine that node."
        isWrong={!createJoinTokenRequest.shape.nodeId.safeParse(wish.nodeId).success}
      />
      <ChoiceField {...chosen("expiresInSeconds")} label="The token is good for" choices={lifetimes} />
      <div>
        <BusyButton type="submit" isBusy={isBusy}>
          Create a join token
        </BusyButton>
      </div>
    </Form>
  );
}

function Joining({ token, onAnother }: { readonly token: JoinTokenView; readonly onAnother: () => void }) {
  const { data } = useQuery(read("listCaSets"));
  const setName = data?.caSets[0]?.caSetName ?? "NAME";
  const { joinToken, network, nodeId, expiryDate } = token;
  return (
    <div className="tcm-work">
      <Alert
        variant="success"
        isInline
        isLiveRegion
        component="h2"
        title={`A join token for ${nodeId ?? "one new node"} of ${networkName[network].toLowerCase()}`}
      >
        <p className="tcm-block">It is shown this once.</p>
        <ClipboardCopy isReadOnly isCode hoverTip="Copy" clickTip="Copied" textAriaLabel="The join token">
          {joinToken}
        </ClipboardCopy>
      </Alert>
      <p>
        It lets one node in, once, until <Time iso={expiryDate} />.
      </p>
      <ol className="tcm-steps" aria-label="What is left to do">
        {joinCommands(token, setName).map(({ what, command }) => (
          <li key={command}>
            <p>{what}:</p>
            <ClipboardCopy isReadOnly isCode hoverTip="Copy" clickTip="Copied" textAriaLabel={what}>
              {command}
            </ClipboardCopy>
          </li>
        ))}
      </ol>
      <p>
        <Link to="/edge-nodes">Look at the edge nodes</Link>, or{" "}
        <Button variant="link" isInline onClick={onAnother}>
          make another token
        </Button>
        .
      </p>
    </div>
  );
}
