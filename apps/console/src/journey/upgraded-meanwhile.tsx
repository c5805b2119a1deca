import { Alert, Button } from "@patternfly/react-core";
import { saveFile } from "../text/save-file.ts";
import type { DraftCertificate } from "./draft.ts";

type Props = {
  /** What of this console is not there any more. */
  readonly what: string;
  readonly certificates: readonly DraftCertificate[];
  readonly onBack?: (() => void) | undefined;
};

/** Of a console that was replaced while it was open nothing more can be fetched: what was handed in is taken along to the new one. */
export function UpgradedMeanwhile({ what, certificates, onBack }: Props) {
  const download = (): void =>
    saveFile("certificates.pem", certificates.map(({ certificatePem }) => `${certificatePem.trim()}\n`).join(""));
  return (
    <>
      <Alert variant="warning" isInline isLiveRegion component="p" title="The console was upgraded meanwhile">
        {`${what} belongs to the console of before and cannot be loaded any more. Nothing of this was written yet. Download the certificates, reload the page, and hand the file in there; what was typed is typed again.`}
      </Alert>
      <div className="tcm-actions">
        <Button onClick={download}>Download the certificates</Button>
        <Button variant="secondary" onClick={() => location.reload()}>
          Reload the page
        </Button>
        {onBack !== undefined && (
          <Button variant="link" onClick={onBack}>
            Back
          </Button>
        )}
      </div>
    </>
  );
}
