/** A distinguished name, RFC 5280 §4.1.2.4. */
export type Name = {
  /** The whole Name SEQUENCE with its header. */
  readonly der: Uint8Array;
  /** In encoded order: least specific first. */
  readonly rdns: readonly RelativeDistinguishedName[];
  /**
   * Equal for two names exactly when RFC 5280 §7.1 calls them equal (case and white space folded, string types merged).
   * An opaque key for maps; not for showing.
   */
  readonly canonical: string;
};

export type RelativeDistinguishedName = readonly AttributeTypeAndValue[];

export type AttributeTypeAndValue = {
  /** Dotted decimal. */
  readonly type: string;
  /** Text of a DirectoryString or IA5String; undefined where the value is of another type or not decodable. */
  readonly text: string | undefined;
  /** The value with its header. */
  readonly der: Uint8Array;
};
