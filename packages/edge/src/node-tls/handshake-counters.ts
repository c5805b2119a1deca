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

/** Ever-rising numbers in a table of about `most` rows; what comes once it is full is told apart by its outcome alone. */
export function handshakeCounters(most: number): HandshakeCounters {
  const rows = new Map<string, HandshakeKind & { count: number }>();
  return {
    count(kind) {
      const row = rows.get(keyOf(kind)) ?? openRow(rows, rows.size < most ? kind : overflow(kind));
      row.count++;
    },
    read: () => [...rows.values()].map((row) => ({ ...row })),
  };
}

function keyOf({ caSetId, version, anchor, outcome, reason }: HandshakeKind): string {
  return `${caSetId}/${version}/${anchor}/${outcome}/${reason}`;
}

function overflow({ outcome }: HandshakeKind): HandshakeKind {
  return { caSetId: "", version: 0, anchor: "", outcome, reason: "table-full" };
}

function openRow(rows: Map<string, HandshakeKind & { count: number }>, kind: HandshakeKind) {
  const key = keyOf(kind);
  const row = rows.get(key) ?? { ...kind, count: 0 };
  rows.set(key, row);
  return row;
}
