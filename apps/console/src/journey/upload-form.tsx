import {
  Button,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Tab,
  Tabs,
  TabTitleText,
  TextArea,
} from "@patternfly/react-core";
import { findPrivateKey } from "@tcm/core";
import { useId, useRef, useState } from "react";
import { DropZone } from "./drop-zone.tsx";
import type { Dropped, NotRead } from "./folder-walk.ts";
import { readDropped } from "./read-dropped.ts";
import { type HandedIn, pastedText } from "./read-files.ts";

type Props = {
  readonly pasted: string;
  readonly onPasted: (text: string) => void;
  readonly onFiles: (files: readonly HandedIn[], notRead?: readonly NotRead[]) => void;
};

/** The two ways in: pasted PEM, or files and folders, chosen or dropped. */
export function UploadForm(props: Props) {
  const [way, setWay] = useState<string | number>("paste");
  return (
    <Tabs activeKey={way} onSelect={(_, key) => setWay(key)} aria-label="How to hand certificates in" role="region">
      <Tab eventKey="paste" title={<TabTitleText>Copy/paste</TabTitleText>}>
        <Paste {...props} />
      </Tab>
      <Tab eventKey="files" title={<TabTitleText>Upload</TabTitleText>}>
        <Files onFiles={props.onFiles} />
      </Tab>
    </Tabs>
  );
}

function Paste({ pasted, onPasted, onFiles }: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const add = (text: string): void => {
    onFiles([pastedText(text)]);
    // Whatever it was, it is in the list now, or it is a key that must not stay on the page.
    onPasted("");
    field.current?.focus();
  };
  const take = (text: string): void => (findPrivateKey(text) === undefined ? onPasted(text) : add(text));
  return (
    <div className="tcm-tab">
      <FormGroup label="Certificates in PEM" fieldId={id}>
        <TextArea
          ref={field}
          id={id}
          value={pasted}
          rows={8}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          className="tcm-mono"
          placeholder="-----BEGIN CERTIFICATE-----"
          onChange={(_, value) => take(value)}
        />
      </FormGroup>
      <Button variant="secondary" isDisabled={pasted.trim() === ""} onClick={() => add(pasted)}>
        Add pasted certificates
      </Button>
    </div>
  );
}

function Files({ onFiles }: Pick<Props, "onFiles">) {
  const [problem, setProblem] = useState<string>();
  const take = async (dropped: readonly Dropped[]): Promise<void> => {
    const read = await readDropped(dropped);
    setProblem(read.ok ? undefined : read.problem);
    if (read.ok) onFiles(read.files, read.notRead);
  };
  return (
    <div className="tcm-tab">
      <DropZone
        info="PEM or DER, one or many certificates in a file, 8 MiB in total"
        onDropped={(dropped) => void take(dropped)}
      />
      {problem !== undefined && (
        <FormHelperText>
          <HelperText isLiveRegion>
            <HelperTextItem variant="error">{problem}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </div>
  );
}
