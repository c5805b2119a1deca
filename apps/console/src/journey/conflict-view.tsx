import { Alert, Button } from "@patternfly/react-core";
import { shortName } from "../structure/tree-items.ts";
import { Time } from "../text/time.tsx";
import { VersionDiff } from "../versions/version-diff.tsx";
import { type Content, type ContentDiff, compareContent, isSameContent } from "./content.ts";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  readonly version: number;
  readonly by: string;
  readonly at: string;
  readonly base: Content;
  readonly theirs: Content;
  readonly mine: Content;
  readonly isBusy: boolean;
  readonly onSaveMine: () => void;
  readonly onLoadTheirs: () => void;
};

/** Two people edited one version: what the other one did, and what saving one's own over it would undo. */
export function ConflictView({ version, by, at, base, theirs, mine, isBusy, onSaveMine, onLoadTheirs }: Props) {
  return (
    <div className="tcm-conflict">
      <Alert
        variant="warning"
        isInline
        isLiveRegion
        component="h3"
        title={`${by} changed version ${version} while you worked on it`}
      >
        Saved <Time iso={at} />. Nothing of yours was written, and your work is kept on this page.
      </Alert>
      <section aria-label={`What ${by} changed`} className="tcm-section">
        <h4 className="tcm-subheading">{`What ${by} changed`}</h4>
        <Change diff={compareContent(base, theirs)} />
      </section>
      <section aria-label="What saving yours would change in it" className="tcm-section">
        <h4 className="tcm-subheading">What saving yours would change in it</h4>
        <Change diff={compareContent(theirs, mine)} />
      </section>
      <div className="tcm-actions">
        <BusyButton variant="danger" isBusy={isBusy} onClick={onSaveMine}>
          {`Save mine over the version of ${by}`}
        </BusyButton>
        <Button variant="secondary" isDisabled={isBusy} onClick={onLoadTheirs}>
          {`Discard mine and load the version of ${by}`}
        </Button>
      </div>
    </div>
  );
}

function Change({ diff }: { readonly diff: ContentDiff }) {
  if (isSameContent(diff)) return <p>Nothing: the content is the same.</p>;
  return (
    <>
      <VersionDiff diff={diff} />
      {diff.description !== undefined && (
        <p>{`What the version is for: ${words(diff.description.from)} becomes ${words(diff.description.to)}.`}</p>
      )}
      {diff.described.map(({ fingerprint, subject, from, description }) => (
        <p key={fingerprint} className="tcm-name">
          {`${shortName(subject)}: ${words(from)} becomes ${words(description)}.`}
        </p>
      ))}
    </>
  );
}

function words(description: string | null): string {
  return description === null ? "no description" : `“${description}”`;
}
