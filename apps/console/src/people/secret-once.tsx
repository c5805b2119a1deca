import { Alert, Button, ClipboardCopyButton, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useState } from "react";
import { saveFile } from "../text/save-file.ts";

export type Secret = { readonly name: string; readonly text: string; readonly isEdgerc: boolean };

/** A secret that no other answer has. It goes when the dialog is closed. */
export function SecretOnce({ secret, onClose }: { readonly secret: Secret; readonly onClose: () => void }) {
  const { name, text, isEdgerc } = secret;
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="secret-title">
      <ModalHeader title={isEdgerc ? `The .edgerc of ${name}` : `The token ${name}`} labelId="secret-title" />
      <ModalBody>
        <Alert
          variant="warning"
          isInline
          component="p"
          title="It is shown this once. Keep it where only its user can read it."
          className="tcm-block"
        />
        <div className="tcm-secret">
          <code>{text}</code>
          <CopyButton text={text} />
        </div>
        <p className="tcm-hint">
          {isEdgerc
            ? "Tools look for it in the file .edgerc of the home directory, readable by its owner alone."
            : "Programs send it as Authorization: Bearer; tcm takes it from TCM_TOKEN or tcm login."}
        </p>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>I have kept it</Button>
        {isEdgerc && (
          <Button variant="secondary" onClick={() => saveFile("edgerc", text)}>
            Download
          </Button>
        )}
      </ModalFooter>
    </Modal>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <ClipboardCopyButton
      id="copy-secret"
      variant="plain"
      aria-label="Copy the secret"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      onTooltipHidden={() => setCopied(false)}
    >
      {isCopied ? "Copied" : "Copy the secret"}
    </ClipboardCopyButton>
  );
}
