import {
  Checkbox,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Radio,
  TextArea,
} from "@patternfly/react-core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import type { AssociationDraft } from "./association-draft.ts";
import { missingNetworks } from "./missing-networks.ts";

type Props = {
  readonly draft: AssociationDraft;
  /** The set is given, and not asked for. */
  readonly isSetChosen: boolean;
  readonly onChange: (draft: AssociationDraft) => void;
};

/** Hostnames, the set, and how their clients are held to it. */
export function AssociationFields({ draft, isSetChosen, onChange }: Props) {
  const { hostnames, mode, sendsNames } = draft;
  return (
    <>
      <FormGroup label="Hostnames" fieldId="hostnames" isRequired>
        <TextArea
          id="hostnames"
          isRequired
          rows={3}
          spellCheck={false}
          value={hostnames}
          aria-describedby="hostnames-text"
          onChange={(_, value) => onChange({ ...draft, hostnames: value })}
        />
        <FormHelperText>
          <HelperText id="hostnames-text">
            <HelperTextItem>One a line. A wildcard such as *.partners.example stands for one label.</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      {!isSetChosen && <SetField draft={draft} onChange={onChange} />}
      <FormGroup role="radiogroup" label="Clients without a good certificate" fieldId="mode">
        <Radio
          id="mode-deny"
          name="mode"
          label="are refused"
          isChecked={mode === "deny"}
          onChange={() => onChange({ ...draft, mode: "deny" })}
        />
        <Radio
          id="mode-observe"
          name="mode"
          label="are let in and marked: to see who would be refused"
          isChecked={mode === "observe"}
          onChange={() => onChange({ ...draft, mode: "observe" })}
        />
      </FormGroup>
      <Checkbox
        id="sends-names"
        label="Tell clients the names of the CAs"
        description="Some clients choose their certificate by it. It makes every handshake larger."
        isChecked={sendsNames}
        onChange={(_, value) => onChange({ ...draft, sendsNames: value })}
      />
    </>
  );
}

function SetField({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  const { data } = useSuspenseQuery(read("listCaSets"));
  const sets = data.caSets.filter((set) => missingNetworks(set).length === 0 || set.caSetId === draft.caSetId);
  const left = data.caSets.length - sets.length;
  return (
    <FormGroup label="Certificate set" fieldId="ca-set" isRequired>
      <FormSelect
        id="ca-set"
        value={draft.caSetId}
        aria-describedby="ca-set-text"
        onChange={(_, value) => onChange({ ...draft, caSetId: value })}
      >
        <FormSelectOption
          value=""
          label={sets.length === 0 ? "No set is on both networks yet" : "Choose one"}
          isDisabled
        />
        {sets.map((set) => (
          <FormSelectOption key={set.caSetId} value={set.caSetId} label={set.caSetName} />
        ))}
      </FormSelect>
      <FormHelperText>
        <HelperText id="ca-set-text">
          <HelperTextItem>{`Sets that are on both networks.${missingText(left)}`}</HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}

/** Of those that cannot be chosen; "" when there are none. */
function missingText(left: number): string {
  if (left === 0) return "";
  return left === 1 ? " 1 is not yet: deploy it first." : ` ${left} are not yet: deploy them first.`;
}
