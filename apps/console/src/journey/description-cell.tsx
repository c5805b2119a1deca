import { Button, HelperText, HelperTextItem, TextInput } from "@patternfly/react-core";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { readDescription } from "./read-description.ts";

type Props = {
  readonly description: string | null;
  /** Of which certificate, such as its file and position. */
  readonly of: string;
  readonly onDescribe: (description: string | null) => void;
};

/** What people know of a certificate and the certificate does not say. Enter or leaving the field keeps it, Escape does not. */
export function DescriptionCell({ description, of, onDescribe }: Props) {
  const [isOpen, setOpen] = useState(false);
  const begin = useRef<HTMLButtonElement>(null);
  const close = (isByKey: boolean): void => {
    setOpen(false);
    if (isByKey) requestAnimationFrame(() => begin.current?.focus());
  };
  return (
    <div className="tcm-describe">
      {isOpen ? (
        <DescriptionField
          given={description ?? ""}
          label={`What is known of ${of}`}
          onKeep={(text, isByKey) => {
            onDescribe(text);
            close(isByKey);
          }}
          onLeave={() => close(true)}
        />
      ) : (
        <>
          {description !== null && <span className="tcm-name">{description}</span>}
          <Button
            ref={begin}
            variant="link"
            isInline
            onClick={() => setOpen(true)}
            aria-label={description === null ? `Describe ${of}` : `Change the description of ${of}`}
          >
            {description === null ? "Describe" : "Change"}
          </Button>
        </>
      )}
    </div>
  );
}

type FieldProps = {
  readonly given: string;
  readonly label: string;
  readonly onKeep: (description: string | null, isByKey: boolean) => void;
  readonly onLeave: () => void;
};

function DescriptionField({ given, label, onKeep, onLeave }: FieldProps) {
  const [text, setText] = useState(given);
  const [fault, setFault] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const keep = (isByKey: boolean): void => {
    const read = readDescription(text);
    if (read.ok) return onKeep(read.description, isByKey);
    setText("");
    setFault(read.fault);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    keep(true);
  };
  const leave = ({ key }: KeyboardEvent): void => {
    if (key === "Escape") onLeave();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        ref={field}
        aria-label={label}
        maxLength={255}
        value={text}
        validated={fault === undefined ? "default" : "error"}
        onChange={(_, value) => setText(value)}
        onKeyDown={leave}
        onBlur={() => keep(false)}
      />
      <HelperText isLiveRegion>
        {fault !== undefined && <HelperTextItem variant="error">{fault}</HelperTextItem>}
      </HelperText>
    </form>
  );
}
