/** DER as a tree that can be changed and written again with lengths that fit: what a mutation by structure works on. */
export type DerNode = { tag: number; content: Uint8Array; children: DerNode[] | undefined };

const maxDepth = 24;

/** Undefined where the bytes are no sequence of elements. OCTET STRINGs that hold elements are opened too. */
export function readDerNodes(bytes: Uint8Array, depth = 0): DerNode[] | undefined {
  const nodes: DerNode[] = [];
  let at = 0;
  while (at < bytes.length) {
    const header = readHeader(bytes, at);
    if (header === undefined) return undefined;
    const content = bytes.subarray(header.start, header.end);
    nodes.push({ tag: header.tag, content, children: readChildren(header.tag, content, depth) });
    at = header.end;
  }
  return nodes;
}

function readChildren(tag: number, content: Uint8Array, depth: number): DerNode[] | undefined {
  const isConstructed = (tag & 0x20) !== 0;
  if (depth >= maxDepth || content.length === 0 || (!isConstructed && tag !== 0x04)) return undefined;
  return readDerNodes(content, depth + 1);
}

function readHeader(bytes: Uint8Array, at: number): { tag: number; start: number; end: number } | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 3) return undefined;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += octets;
  }
  return start + length <= bytes.length ? { tag, start, end: start + length } : undefined;
}

export function writeDerNodes(nodes: readonly DerNode[]): Uint8Array {
  return Buffer.concat(nodes.map(writeNode));
}

function writeNode({ tag, content, children }: DerNode): Uint8Array {
  const body = children === undefined ? content : writeDerNodes(children);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(body.length)]), body]);
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x1_0000) return [0x82, length >> 8, length & 0xff];
  return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
}

/** Every list of siblings in the tree, the top one first. */
export function siblingLists(nodes: DerNode[]): DerNode[][] {
  return [nodes, ...nodes.flatMap(({ children }) => (children === undefined ? [] : siblingLists(children)))];
}
