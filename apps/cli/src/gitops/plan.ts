import type { ActivationView } from "@tcm/api-contract";
import type { Network, RemovalEffect, TrustOpening } from "@tcm/core";
import type { DesiredCaSet, DesiredEdgeCertificate } from "./desired-state.ts";

export type CertificateLine = { readonly subject: string; readonly fingerprint: string };

/** What the step opens, which is asked about with the plan. What opens beside it is refused when it comes to it. */
type Opening = { readonly openings: readonly TrustOpening[] };

/** One thing to do. `version: undefined` is the one that an earlier step makes. */
export type Step =
  | { readonly kind: "create-set"; readonly set: DesiredCaSet }
  | {
      readonly kind: "create-version";
      readonly set: DesiredCaSet;
      /** What it is compared with; undefined where there is nothing yet. */
      readonly against: number | undefined;
      readonly added: readonly CertificateLine[];
      readonly removed: readonly CertificateLine[];
      readonly keptCount: number;
      readonly options: readonly { readonly option: string; readonly from: boolean; readonly to: boolean }[];
    }
  | {
      readonly kind: "activate";
      /** What is to be deployed: a version that is something else by then is not. */
      readonly set: DesiredCaSet;
      readonly network: Network;
      readonly version: number | undefined;
      readonly from: number | null;
      readonly effect: RemovalEffect;
    }
  /** It is on its way already: begun by somebody else, or by a run that did not wait. */
  | { readonly kind: "follow"; readonly activation: ActivationView }
  /** One node first has stopped this, or what was done there last: that is for a person to go on with. Fails when it is carried out. */
  | {
      readonly kind: "stopped";
      readonly network: Network;
      readonly name: string;
      readonly version: number | undefined;
      readonly by: ActivationView;
    }
  | ({ readonly kind: "create-edge"; readonly edge: DesiredEdgeCertificate } & Opening)
  | ({
      readonly kind: "change-edge";
      readonly edgeCertificateId: number;
      readonly edge: DesiredEdgeCertificate;
      readonly changes: readonly string[];
    } & Opening)
  | ({
      readonly kind: "delete-edge";
      readonly edgeCertificateId: number;
      readonly hostnames: readonly string[];
    } & Opening)
  | { readonly kind: "deactivate"; readonly name: string; readonly network: Network; readonly version: number }
  | { readonly kind: "delete-set"; readonly name: string }
  | { readonly kind: "describe-set"; readonly name: string; readonly from: string | null; readonly to: string };

export type Plan = {
  /** In the order in which they are safe: contents, staging, production, what binds them, what goes. */
  readonly steps: readonly Step[];
};
