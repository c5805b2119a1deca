import { Button, FormGroup, FormHelperText, HelperText, HelperTextItem, TextArea } from "@patternfly/react-core";
import { type DragEvent, useRef } from "react";
import { type ClientChain, holdsKey, readChain, readPasted } from "./client-chain.ts";

type Props = { readonly text: string; readonly onChain: (chain: ClientChain) => void };

/** Pasted, chosen or dropped; what is in files ends up in the same place, to be looked at before it is sent. */
export function ChainField({ text, onChain }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const type = (typed: string): void => onChain(holdsKey(typed) ? readPasted(typed) : { pem: typed, refused: [] });
  const take = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return;
    const read = files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }));
    onChain(readChain(await Promise.all(read)));
  };
  const drop = (event: DragEvent): void => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void take([...event.dataTransfer.files]);
  };
  return (
    <FormGroup label="Client certificate in PEM, the client's own first" fieldId="chain" isRequired>
      <TextArea
        id="chain"
        isRequired
        rows={6}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        className="tcm-mono"
        value={text}
        aria-describedby="chain-rule"
        onChange={(_, value) => type(value)}
        onDrop={drop}
        onDragOver={(event) => event.preventDefault()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files with the client's certificate"
        onChange={(event) => {
          void take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <FormHelperText>
        <HelperText id="chain-rule">
          <HelperTextItem>
            Paste it, drop files here, or{" "}
            <Button variant="link" isInline onClick={() => input.current?.click()}>
              choose files
            </Button>
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
