import type { Name } from "./name.ts";

/** RFC 5280 §4.2.1.6. Names are text as encoded (IA5String): neither normalised nor checked here. */
export type GeneralName =
  | { readonly form: "rfc822Name" | "dNSName" | "uniformResourceIdentifier"; readonly text: string }
  | { readonly form: "iPAddress"; readonly octets: Uint8Array }
  | { readonly form: "directoryName"; readonly name: Name }
  | { readonly form: "otherName" | "x400Address" | "ediPartyName" | "registeredID"; readonly der: Uint8Array };

export type GeneralNameForm = GeneralName["form"];

/** RFC 5280 §4.2.1.10. `iPAddress` octets are address and mask: 8 or 32. Absent lists are empty. */
export type NameConstraints = {
  readonly permittedSubtrees: readonly GeneralName[];
  readonly excludedSubtrees: readonly GeneralName[];
  /** A minimum other than 0, or a maximum, is present: RFC 5280 forbids it, the validator refuses it. */
  readonly hasMinimumOrMaximum: boolean;
};
