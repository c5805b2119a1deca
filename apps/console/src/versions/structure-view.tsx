import type { EffectiveTrustView } from "@tcm/api-contract";
import type { ChainStructure } from "@tcm/core";
import { ChainGraph } from "../structure/chain-graph.tsx";
import { TrustTable } from "../structure/trust-table.tsx";
import { ProblemAlert } from "../text/problem-alert.tsx";

type Props = {
  readonly chains: ChainStructure;
  readonly trust: EffectiveTrustView | undefined;
  readonly error: unknown;
  readonly focus: string | undefined;
  readonly onFocus: (fingerprint: string | undefined) => void;
};

/** How the CAs of a version hang together, and what each makes trusted. */
export function StructureView({ chains, trust, error, focus, onFocus }: Props) {
  const known = chains.members.find(({ fingerprint }) => fingerprint === focus)?.fingerprint;
  return (
    <>
      <ChainGraph structure={chains} label="Chain graph" focus={known} onFocus={onFocus} />
      {error !== null && <ProblemAlert error={error} live={false} />}
      {trust !== undefined && <TrustTable trust={trust} focus={known} onFocus={onFocus} />}
    </>
  );
}
