import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from "@patternfly/react-core";
import { useEffect, useRef } from "react";

type Props = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly isRequired?: boolean;
  readonly autoComplete?: "off" | "username";
  /** What a name must be like, told before. Undefined: any will do. */
  readonly rule?: string;
  /** It is not like that: nothing is sent, and the browser leads there. */
  readonly isWrong?: boolean;
};

/** A name as it is typed: nothing writes it large or mends its spelling. In a form whose `noValidate` is false. */
export function NameField({
  id,
  label,
  value,
  onValue,
  isRequired = true,
  autoComplete = "off",
  rule,
  isWrong = false,
}: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.setCustomValidity(isWrong && rule !== undefined ? rule : ""), [isWrong, rule]);
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      <TextInput
        ref={input}
        id={id}
        isRequired={isRequired}
        autoComplete={autoComplete}
        autoCapitalize="off"
        spellCheck={false}
        value={value}
        validated={isWrong ? "error" : "default"}
        {...(rule !== undefined && { "aria-describedby": `${id}-rule` })}
        onChange={(_, typed) => onValue(typed)}
      />
      {rule !== undefined && (
        <FormHelperText>
          <HelperText id={`${id}-rule`}>
            <HelperTextItem variant={isWrong ? "error" : "default"}>{rule}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
