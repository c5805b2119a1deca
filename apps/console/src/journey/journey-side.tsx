import { Button } from "@patternfly/react-core";
import PencilAltIcon from "@patternfly/react-icons/dist/esm/icons/pencil-alt-icon";
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
  const { data: parts } = useWorkParts(verdict?.ok === true);
  // Where it cannot be fetched, the list beside it says so.
  if (verdict?.ok === true)
    return parts && <parts.ChainTree structure={verdict.response.trustChains} label={`Structure of ${caSetName}`} />;
  return <p className="tcm-faint">Upload and validate chains to see how the certificates hang together.</p>;
}
