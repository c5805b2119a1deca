import { Button } from "@patternfly/react-core";
import type { ChainStructure } from "@tcm/core";
import PencilAltIcon from "@patternfly/react-icons/dist/esm/icons/pencil-alt-icon";
import { useState } from "react";
import { mostAtOnce } from "../text/shortened.tsx";
import { useIsSmall } from "../text/use-is-small.ts";
import type { JourneyState } from "./journey-state.ts";
import { useWorkParts } from "./work-part.tsx";

type Props = { readonly state: JourneyState; readonly version: number; readonly onRename: () => void };

/** Under "Certificate sets": the name and the version, and how the certificates hang together. */
export function JourneySide({ state, version, onRename }: Props) {
  return (
    <>
      <h2 className="tcm-heading">Certificate sets</h2>
      {state.step === "name" ? (
        <p className="tcm-faint">The name and the version appear here.</p>
      ) : (
        <>
          <SetName state={state} version={version} onRename={onRename} />
          <Structure state={state} />
        </>
      )}
    </>
  );
}

function SetName({ state: { caSetName, saved, target }, version, onRename }: Props) {
  const mark = saved !== undefined ? "" : target.kind === "edit" ? " (being edited)" : " (draft)";
  return (
    <p className="tcm-set-name">
      <span className="tcm-name">{`${caSetName} — version ${saved?.version ?? version}${mark}`}</span>
      {target.kind === "new-set" && saved === undefined && (
        <Button variant="plain" aria-label="Rename the set" icon={<PencilAltIcon />} onClick={onRename} />
      )}
    </p>
  );
}

function Structure({ state: { caSetName, draft } }: Pick<Props, "state">) {
  const { verdict } = draft;
  return verdict?.ok === true ? (
    <Tree structure={verdict.response.trustChains} label={`Structure of ${caSetName}`} />
  ) : (
    <p className="tcm-faint">Upload and validate chains to see how the certificates hang together.</p>
  );
}

type TreeProps = { readonly structure: ChainStructure; readonly label: string };

/** Before the work itself where the screen is small: there, a long one when it is asked for. */
function Tree({ structure, label }: TreeProps) {
  const { data: parts } = useWorkParts();
  const [isAskedFor, setAskedFor] = useState(false);
  const isLong = useIsSmall() && structure.members.length > mostAtOnce;
  // Where it cannot be fetched, the list beside it says so.
  if (parts === undefined) return null;
  return (
    <>
      {isLong && (
        <Button variant="link" isInline aria-expanded={isAskedFor} onClick={() => setAskedFor(!isAskedFor)}>
          {`${isAskedFor ? "Hide" : "Show"} how the certificates hang together`}
        </Button>
      )}
      {(isAskedFor || !isLong) && <parts.ChainTree structure={structure} label={label} />}
    </>
  );
}
