/** RFC 5280 §6.1.1 (c), (e), (f), (g): what the relying party asks of certificate policies. */
export type PolicyInputs = {
  /** Dotted decimal; undefined stands for any-policy. */
  readonly initialPolicySet?: ReadonlySet<string>;
  readonly initialExplicitPolicy?: boolean;
  readonly initialPolicyMappingInhibit?: boolean;
  readonly initialAnyPolicyInhibit?: boolean;
};
