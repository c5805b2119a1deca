import { Alert, ExpandableSection, List, ListItem } from "@patternfly/react-core";
import type { VerificationView } from "@tcm/api-contract";
import { shortName } from "../structure/tree-items.ts";
import { plural } from "../text/time-text.ts";

const verdicts = {
  accepted: { variant: "success", title: "Accepted: an edge lets this client in" },
  refused: { variant: "danger", title: "Refused: an edge turns this client away" },
  undetermined: { variant: "warning", title: "Not decided within its limits: an edge turns this client away" },
} as const;

type PathMember = NonNullable<VerificationView["path"]>[number];

/** The verdict, the path as a picture, and why every other path ended. */
export function VerificationResult({ result }: { readonly result: VerificationView }) {
  const { verdict, reason, path, attempts, advice } = result;
  const { variant, title } = verdicts[verdict];
  return (
    <section aria-label="Result" className="tcm-result">
      <Alert variant={variant} isInline isLiveRegion component="h2" title={title}>
        {reason !== undefined && (
          <>
            <p>{reason.sentence}</p>
            <p>
              <span className="tcm-name">{shortName(reason.certificate.subject)}</span> <code>{reason.code}</code>{" "}
              {reason.cites}
            </p>
          </>
        )}
      </Alert>
      {path !== undefined && <PathPicture path={path} />}
      {advice.length > 0 && (
        <Alert variant="warning" isInline component="h3" title="Engines on OpenSSL would decide otherwise">
          <List>
            {advice.map(({ code, sentence }) => (
              <ListItem key={code}>{sentence}</ListItem>
            ))}
          </List>
        </Alert>
      )}
      {attempts.length > 0 && (
        <ExpandableSection toggleText={`${plural(attempts.length, "path")} that did not lead to an anchor`}>
          <List>
            {attempts.map(({ certificates, stop }) => (
              <ListItem key={`${certificates.map(({ fingerprint }) => fingerprint).join()} ${stop.code}`}>
                <span className="tcm-name">{certificates.map(({ subject }) => shortName(subject)).join(" ← ")}</span>:{" "}
                {stop.sentence} <code>{stop.code}</code> {stop.cites}
              </ListItem>
            ))}
          </List>
        </ExpandableSection>
      )}
    </section>
  );
}

/** From the client's certificate up to the anchor. */
function PathPicture({ path }: { readonly path: readonly PathMember[] }) {
  return (
    <ol className="tcm-path" aria-label="Certification path">
      {path.map(({ subject, fingerprint }, i) => (
        <li key={fingerprint}>
          <span className="tcm-faint">{roleOf(i, path.length)}</span>
          <span className="tcm-name">{shortName(subject)}</span>
          <code>{fingerprint.slice(0, 12)}</code>
        </li>
      ))}
    </ol>
  );
}

function roleOf(index: number, count: number): string {
  if (index === 0) return "client";
  return index === count - 1 ? "trust anchor" : "issuing CA";
}
