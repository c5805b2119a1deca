import { ClipboardCopyButton } from "@patternfly/react-core";
import { useId, useState } from "react";

/** The first characters of a fingerprint, the whole of it in the title and for copying. */
export function Fingerprint({ sha256 }: { readonly sha256: string }) {
  const [isCopied, setCopied] = useState(false);
  const id = useId();
  const copy = (): void => {
    void navigator.clipboard.writeText(sha256).then(() => setCopied(true));
  };
  return (
    <span className="tcm-fingerprint">
      <code id={id} title={sha256}>
        {sha256.slice(0, 12)}
      </code>
      <ClipboardCopyButton
        id={`${id}-copy`}
        variant="plain"
        aria-label={`Copy fingerprint ${sha256.slice(0, 12)}`}
        onClick={copy}
        onTooltipHidden={() => setCopied(false)}
      >
        {isCopied ? "Copied" : "Copy the SHA-256 fingerprint"}
      </ClipboardCopyButton>
    </span>
  );
}
