import { FormSelect, FormSelectOption } from "@patternfly/react-core";
import { Suspense, useState } from "react";
import type { CaSetView, EdgeCertificateView } from "@tcm/api-contract";
import { AssociationForm } from "../edge-certificates/association-form.tsx";
import { PagePending } from "../frame/page-pending.tsx";

type Props = {
  readonly set: CaSetView;
  readonly edgeCertificates: readonly EdgeCertificateView[];
  /** Which is changed at first; undefined: a new one. */
  readonly first: number | undefined;
  readonly onSaved: (edgeCertificateId: number) => void;
  readonly onCancel: () => void;
};

/** Takes an edge certificate, or makes one, for the set: with its hostnames, and how their clients are held to it. */
export function Associate({ set, edgeCertificates, first, onSaved, onCancel }: Props) {
  const [chosen, setChosen] = useState(first);
  return (
    <section aria-label="Associate an edge certificate">
      {edgeCertificates.length > 0 && (
        <div className="tcm-narrow tcm-block">
          <label htmlFor="edge-certificate">Edge certificate</label>
          <FormSelect
            id="edge-certificate"
            value={chosen === undefined ? "" : String(chosen)}
            onChange={(_, value) => setChosen(value === "" ? undefined : Number(value))}
          >
            <FormSelectOption value="" label="a new one" />
            {edgeCertificates.map((one) => (
              <FormSelectOption
                key={one.edgeCertificateId}
                value={String(one.edgeCertificateId)}
                label={choiceText(one, set)}
              />
            ))}
          </FormSelect>
        </div>
      )}
      <Suspense fallback={<PagePending />}>
        <AssociationForm
          key={chosen}
          edgeCertificateId={chosen}
          caSetId={set.caSetId}
          onSaved={onSaved}
          onCancel={onCancel}
        />
      </Suspense>
    </section>
  );
}

function choiceText({ hostnames, clientAuthentication }: EdgeCertificateView, { caSetId }: CaSetView): string {
  const more = hostnames.length > 1 ? ` and ${hostnames.length - 1} more` : "";
  const now = clientAuthentication.caSetId === caSetId ? "uses this set" : `uses ${clientAuthentication.caSetName} now`;
  return `${hostnames[0]}${more}: ${now}`;
}
