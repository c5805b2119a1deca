import { Button, Form, FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from "@patternfly/react-core";
import { checkCaSetName } from "@tcm/core";
import { type FormEvent, useEffect, useRef, useState } from "react";

type Props = {
  readonly name: string;
  readonly onNext: (name: string) => void;
  readonly onCancel: () => void;
  readonly takenNames: ReadonlySet<string>;
};

/** Why the name cannot be; undefined: it can. The server has the last word when it is saved. */
function nameProblem(name: string, takenNames: ReadonlySet<string>): string | undefined {
  if (takenNames.has(name)) return "There is a certificate set of this name. Choose another, or clone that set.";
  if (checkCaSetName(name) === undefined) return undefined;
  return "A name has 3 to 64 of A-Z a-z 0-9 _ - . % and never three full stops in a row.";
}

/** The first step: nothing is written yet. */
export function NameStep({ name: given, onNext, onCancel, takenNames }: Props) {
  const [name, setName] = useState(given);
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const next = (event: FormEvent): void => {
    event.preventDefault();
    const found = nameProblem(name, takenNames);
    setProblem(found);
    if (found === undefined) onNext(name);
  };
  return (
    <Form onSubmit={next} className="tcm-narrow">
      <FormGroup label="Name of the certificate set" fieldId="set-name" isRequired>
        <TextInput
          id="set-name"
          ref={field}
          isRequired
          value={name}
          autoComplete="off"
          spellCheck={false}
          validated={problem === undefined ? "default" : "error"}
          aria-describedby="set-name-text"
          aria-invalid={problem !== undefined}
          onChange={(_, value) => setName(value)}
        />
        <FormHelperText>
          <HelperText id="set-name-text" isLiveRegion>
            <HelperTextItem variant={problem === undefined ? "default" : "error"}>
              {problem ?? "For instance partners-eu. It can be changed until a version of the set is deployed."}
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <div className="tcm-actions">
        <Button type="submit">Next</Button>
        <Button variant="link" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
