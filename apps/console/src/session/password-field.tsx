import {
  Button,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  InputGroup,
  InputGroupItem,
  TextInput,
} from "@patternfly/react-core";
import EyeIcon from "@patternfly/react-icons/dist/esm/icons/eye-icon";
import EyeSlashIcon from "@patternfly/react-icons/dist/esm/icons/eye-slash-icon";
import { problemGuide } from "@tcm/api-contract";
import { useState } from "react";

type Props = {
  readonly id: string;
  readonly label: string;
  /** `new`: one that is chosen here, with what it must be told before; `current`: one that is known. */
  readonly kind: "current" | "new";
  readonly value: string;
  readonly onValue: (value: string) => void;
};

/** The only field for passwords. A password manager is told what it is for, and who types may look at what they typed. */
export function PasswordField({ id, label, kind, value, onValue }: Props) {
  const [isShown, setShown] = useState(false);
  const isNew = kind === "new";
  return (
    <FormGroup label={label} fieldId={id} isRequired>
      <InputGroup>
        <InputGroupItem isFill>
          <TextInput
            id={id}
            type={isShown ? "text" : "password"}
            autoComplete={`${kind}-password`}
            autoCapitalize="off"
            spellCheck={false}
            isRequired
            value={value}
            {...(isNew && { "aria-describedby": `${id}-rule` })}
            onChange={(_, typed) => onValue(typed)}
          />
        </InputGroupItem>
        <InputGroupItem>
          <Button
            variant="control"
            icon={isShown ? <EyeSlashIcon /> : <EyeIcon />}
            aria-label={isShown ? "Hide what was typed" : "Show what was typed"}
            aria-controls={id}
            onClick={() => setShown(!isShown)}
          />
        </InputGroupItem>
      </InputGroup>
      {isNew && (
        <FormHelperText>
          <HelperText id={`${id}-rule`}>
            <HelperTextItem>{problemGuide["password-not-acceptable"].remedy}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
