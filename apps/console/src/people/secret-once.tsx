import { Alert, ClipboardCopy, CodeBlock, CodeBlockCode } from "@patternfly/react-core";

/** A secret that no other answer has. It goes when the page is left. */
export function SecretOnce({ title, secret }: { readonly title: string; readonly secret: string }) {
  return (
    <Alert variant="success" isInline isLiveRegion component="h3" title={title}>
      <p>It is shown this once. Keep it where only its user can read it.</p>
      {secret.includes("\n") ? (
        <CodeBlock>
          <CodeBlockCode>{secret}</CodeBlockCode>
        </CodeBlock>
      ) : (
        <ClipboardCopy isReadOnly hoverTip="Copy" clickTip="Copied" textAriaLabel="The secret">
          {secret}
        </ClipboardCopy>
      )}
    </Alert>
  );
}
