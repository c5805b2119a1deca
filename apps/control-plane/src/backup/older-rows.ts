import { createHash } from "node:crypto";

export type SavedRow = {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
};

/**
 * Rows as archives of every version have them, made into rows of today's tables. Until migration 0005 each member of a version
 * held its text; now texts are stored once, with ids in the order in which they come.
 */
export function rowUpgrade(): { readonly upgrade: (saved: SavedRow) => readonly SavedRow[]; texts(): number } {
  const ids = new Map<string, number>();
  const upgrade = (saved: SavedRow): readonly SavedRow[] => {
    if (saved.table !== "ca_set_version_certificates") return [saved];
    const { fingerprint = null, certificate_pem, ...member } = saved.row;
    const pem = String(certificate_pem);
    const sha256 = createHash("sha256").update(pem).digest("hex");
    const known = ids.get(sha256);
    const id = known ?? ids.size + 1;
    ids.set(sha256, id);
    const text = { table: "certificate_texts", row: { id, sha256, fingerprint, pem } };
    const row = { table: "ca_set_version_members", row: { ...member, text_id: id } };
    return known === undefined ? [text, row] : [row];
  };
  return { upgrade, texts: () => ids.size };
}
