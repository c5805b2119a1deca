/** tune.bufsize is 16,384 bytes unless configured, of which the command, its path and a reserve take some (edges.md §1.5). */
export const maxPayloadBytes = 13_000;

/** The blocks of a PEM text in as few payloads as fit into HAProxy's buffer; one that is too large stands alone. */
export function caFileBatches(pem: string, limit = maxPayloadBytes): readonly string[] {
  const batches: string[] = [];
  for (const block of pem.match(/-----BEGIN [^]*?-----END [A-Z ]+-----\n/g) ?? []) {
    const last = batches.at(-1);
    if (last !== undefined && last.length + block.length <= limit) batches[batches.length - 1] = last + block;
    else batches.push(block);
  }
  return batches;
}
