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
import { useId, useState } from "react";
import { DropZone } from "./drop-zone.tsx";
import { type HandedIn, pastedText, refuseSizes } from "./read-files.ts";

type Props = {
  readonly pasted: string;
  readonly onPasted: (text: string) => void;
  readonly onFiles: (files: readonly HandedIn[]) => void;
};

/** The two ways in: pasted PEM, or files chosen or dropped. */
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
  const add = (text: string): void => {
    onFiles([pastedText(text)]);
    // Whatever it was, it is in the list now, or it is a key that must not stay on the page.
    onPasted("");
  };
  const take = (text: string): void => (findPrivateKey(text) === undefined ? onPasted(text) : add(text));
  return (
    <div className="tcm-tab">
      <FormGroup label="Certificates in PEM" fieldId={id}>
        <TextArea
          id={id}
          value={pasted}
          rows={8}
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
  const drop = async (files: readonly File[]): Promise<void> => {
    const refused = refuseSizes(files);
    if (refused !== undefined) return setProblem(refused);
    try {
      const read = await Promise.all(files.map(async (file) => ({ name: file.name, bytes: await bytesOf(file) })));
      setProblem(undefined);
      onFiles(read);
    } catch {
      setProblem("A file could not be read. It may have been moved or be a folder; choose it again.");
    }
  };
  return (
    <div className="tcm-tab">
      <DropZone
        info="PEM or DER, one or many certificates in a file, 8 MiB in total"
        onFiles={(files) => void drop(files)}
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

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
