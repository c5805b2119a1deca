/** How many handshakes ended alike. */
export type HandshakeCount = HandshakeKind & { readonly count: number };

export type HandshakeKind = {
  /** Empty where no hostname was served, so that no set was asked. */
  readonly caSetId: string;
  /** 0 with an empty caSetId, or while the set is not active. */
  readonly version: number;
  /** SHA-256 of the anchor the client was accepted through, else empty. */
  readonly anchor: string;
  readonly outcome: "accepted" | "refused" | "failed";
  /** Why it was refused or failed, a stable code; empty when accepted. */
  readonly reason: string;
};

export type HandshakeCounters = {
  count(kind: HandshakeKind): void;
  read(): readonly HandshakeCount[];
};

/** Ever-rising numbers in a table of at most `most` rows; kinds that come once it is full share one row. */
export function handshakeCounters(most: number): HandshakeCounters {
  const rows = new Map<string, HandshakeKind & { count: number }>();
  return {
    count(kind) {
      const { caSetId, version, anchor, outcome, reason } = kind;
      const key = `${caSetId}/${version}/${anchor}/${outcome}/${reason}`;
      const row = rows.get(key);
      if (row !== undefined) row.count++;
      else if (rows.size < most - 1) rows.set(key, { ...kind, count: 1 });
      else countOverflow(rows);
    },
    read: () => [...rows.values()].map((row) => ({ ...row })),
  };
}

function countOverflow(rows: Map<string, HandshakeKind & { count: number }>): void {
  const row = rows.get("overflow");
  if (row !== undefined) row.count++;
  else
    rows.set("overflow", { caSetId: "", version: 0, anchor: "", outcome: "failed", reason: "table-full", count: 1 });
}
