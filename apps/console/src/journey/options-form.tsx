import { Checkbox, FormFieldGroup, FormFieldGroupHeader } from "@patternfly/react-core";
import type { DraftOptions } from "./draft.ts";
import { optionLabel } from "./option-label.ts";

type Props = {
  readonly options: DraftOptions;
  readonly onSet: (option: keyof DraftOptions, value: boolean) => void;
};

const choices: readonly { readonly option: keyof DraftOptions; readonly body: string }[] = [
  {
    option: "requireRootCertificate",
    body: "Every certificate must chain, inside the set, to a self-signed root. Turn it off to trust an intermediate by itself: then only its own clients are let in, and not all of its root's.",
  },
  {
    option: "allowDuplicateCommonNames",
    body: "For the time of a rotation, when the old and the new CA bear one name. Otherwise two of one name are taken for a mistake.",
  },
  {
    option: "allowInsecureSha1",
    body: "SHA-1 is broken: who can forge a signature can let themselves in. MD5 and MD2 are never allowed.",
  },
];

/** The path validation scheme, each choice with what it means. */
export function OptionsForm({ options, onSet }: Props) {
  return (
    <FormFieldGroup header={<FormFieldGroupHeader titleText={{ text: "Path validation", id: "path-validation" }} />}>
      {choices.map(({ option, body }) => (
        <Checkbox
          key={option}
          id={option}
          label={optionLabel[option]}
          description={body}
          isChecked={options[option]}
          onChange={(_, value) => onSet(option, value)}
        />
      ))}
    </FormFieldGroup>
  );
}
