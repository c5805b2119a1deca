/** An encapsulation boundary, RFC 7468 §2: `-----BEGIN label-----` or `-----END label-----`. */
export type Boundary = {
  readonly kind: "begin" | "end";
  readonly offset: number;
  /** After the closing dashes. */
  readonly end: number;
  /** Undefined where it is none: a line of a key pasted between the dashes must not be repeated to anyone. */
  readonly label: string | undefined;
};

const prefixes = { begin: "-----BEGIN ", end: "-----END " } as const;
const dashes = "-----";
const maxLabel = 64;

/**
 * Finds the first boundary at or after a position. Positions are asked for in rising order, and each kind is looked up
 * again only when it has been passed, so that all look-ups together walk the text twice.
 */
export function boundaryFinder(text: string): (from: number) => Boundary | undefined {
  const at = { begin: -1, end: -1 };
  const find = (kind: Boundary["kind"], from: number): number => {
    if (at[kind] < from) {
      const offset = text.indexOf(prefixes[kind], from);
      at[kind] = offset < 0 ? Number.POSITIVE_INFINITY : offset;
    }
    return at[kind];
  };
  return (from) => {
    const begin = find("begin", from);
    const end = find("end", from);
    if (begin === end) return undefined;
    return begin < end ? readBoundary(text, "begin", begin) : readBoundary(text, "end", end);
  };
}

function readBoundary(text: string, kind: Boundary["kind"], offset: number): Boundary {
  const start = offset + prefixes[kind].length;
  const window = text.slice(start, start + maxLabel + dashes.length);
  const length = window.indexOf(dashes);
  if (length < 0) return { kind, offset, end: start, label: undefined };
  const label = window.slice(0, length);
  return { kind, offset, end: start + length + dashes.length, label: labelForm.test(label) ? label : undefined };
}

/** All labels of RFC 7468 and of OpenSSL are of this form; base64 is not. */
const labelForm = /^[A-Z0-9]+(?:[ .-][A-Z0-9]+)*$/;
