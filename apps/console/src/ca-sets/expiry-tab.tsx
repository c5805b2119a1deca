import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { useSuspenseQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CaSetView } from "@tcm/api-contract";
import { read } from "../api/queries.ts";
import { activeVersionsOf, type ActiveVersion } from "../expiry/expiring-rows.ts";
import { placeText } from "../expiry/expiring-csv.ts";
import { ExpiryTimeline } from "../expiry/expiry-timeline.tsx";
import { CertificatesTable } from "../structure/certificates-table.tsx";
import { shortName } from "../structure/tree-items.ts";

/** When the certificates end that networks serve of this set. */
export function ExpiryTab({ set }: { readonly set: CaSetView }) {
  const versions = activeVersionsOf([set]);
  if (versions.length === 0)
    return (
      <EmptyState titleText="No network serves a version of this set" headingLevel="h2">
        <EmptyStateBody>
          What is on no network holds up nobody when it ends. Each version tells when its certificates end.
        </EmptyStateBody>
      </EmptyState>
    );
  return <Served versions={versions} />;
}

function Served({ versions }: { readonly versions: readonly ActiveVersion[] }) {
  const results = useSuspenseQueries({
    queries: versions.map(({ caSetId, version }) => read("listVersionCertificates", { params: { caSetId, version } })),
  });
  const certificates = new Map(
    results.flatMap(({ data }) =>
      data.certificates.map((one) => [one.fingerprint, { ...one, version: data.version }] as const),
    ),
  );
  const caSetId = versions[0]?.caSetId ?? "";
  return (
    <>
      <p className="tcm-block">{`Certificates of ${versions.map(placeText).join(", and of ")}.`}</p>
      <ExpiryTimeline endDates={[...certificates.values()].map(({ endDate }) => endDate)} />
      <CertificatesTable
        certificates={[...certificates.values()]}
        label="Certificates that are served"
        startsBy="expires"
        name={({ subject, fingerprint }) => (
          <Link
            to="/ca-sets/$caSetId/versions/$version"
            params={{ caSetId, version: String(certificates.get(fingerprint)?.version ?? 1) }}
            search={{ view: "structure", certificate: fingerprint }}
            className="tcm-name"
          >
            {shortName(subject)}
          </Link>
        )}
      />
    </>
  );
}
