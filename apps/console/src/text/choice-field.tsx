import { FormGroup, FormSelect, FormSelectOption } from "@patternfly/react-core";

type Value = string | number | undefined;

type Props<V extends Value> = {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly (readonly [value: V, words: string])[];
  readonly value: V;
  readonly onValue: (value: V) => void;
};

/** One of a few, with its label. Where nothing chosen means something, that is a choice with words as well. */
export function ChoiceField<V extends Value>({ id, label, choices, value, onValue }: Props<V>) {
  const choose = (index: number): void => {
    const chosen = choices[index];
    if (chosen !== undefined) onValue(chosen[0]);
  };
  return (
    <FormGroup label={label} fieldId={id}>
      <FormSelect id={id} value={String(value)} onChange={({ currentTarget }) => choose(currentTarget.selectedIndex)}>
        {choices.map(([one, words]) => (
          <FormSelectOption key={words} value={String(one)} label={words} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}
