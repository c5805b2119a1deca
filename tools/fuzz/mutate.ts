import { type DerNode, readDerNodes, siblingLists, writeDerNodes } from "./der-tree.ts";
import type { Random } from "./random.ts";

/** One to three changes, by byte or by structure; `donor` lends parts. The result may be the original. */
export function mutate(original: Uint8Array, donor: Uint8Array, random: Random): Uint8Array {
  let bytes = original;
  for (let i = random.below(3); i >= 0; i--) {
    bytes = random.chance(0.5) ? mutateBytes(bytes, donor, random) : mutateStructure(bytes, donor, random);
  }
  return bytes;
}

const interesting = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18, 0x1f, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84,
  0xa0, 0xa3, 0xfe, 0xff,
];

function mutateBytes(original: Uint8Array, donor: Uint8Array, random: Random): Uint8Array {
  const bytes = Buffer.from(original);
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(8);
  switch (random.below(8)) {
    case 0:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = random.below(256);
      return bytes;
    case 2:
      if (at < bytes.length) bytes[at] = random.pick(interesting);
      return bytes;
    case 3:
      return Buffer.concat([bytes.subarray(0, at), randomBytes(length, random), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 5:
      return bytes.subarray(0, at);
    case 6:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(Math.max(0, at - length * 8), at),
        bytes.subarray(at),
      ]);
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        donor.subarray(at, at + length * 8),
        bytes.subarray(at + length * 8),
      ]);
  }
}

/** Lengths are written anew, so that the decoder gets past them and at what the change means. */
function mutateStructure(original: Uint8Array, donor: Uint8Array, random: Random): Uint8Array {
  const nodes = readDerNodes(original);
  if (nodes === undefined || nodes.length === 0) return mutateBytes(original, donor, random);
  const siblings = random.pick(siblingLists(nodes).filter(({ length }) => length > 0));
  changeSiblings(siblings, donor, random);
  return writeDerNodes(nodes);
}

function changeSiblings(siblings: DerNode[], donor: Uint8Array, random: Random): void {
  const at = random.below(siblings.length);
  const node = siblings[at] as DerNode;
  switch (random.below(9)) {
    case 0:
      siblings.splice(at, 1);
      return;
    case 1:
      siblings.splice(at, 0, node);
      return;
    case 2:
      siblings.push(...siblings.splice(at, 1));
      return;
    case 3:
      node.tag = random.chance(0.5) ? random.pick(interesting) : random.below(256);
      return;
    case 4:
      replaceContent(node, randomBytes(random.below(24), random));
      return;
    case 5:
      replaceContent(node, new Uint8Array());
      return;
    case 6:
      replaceContent(node, mutateBytes(contentOf(node), donor, random));
      return;
    case 7:
      for (let i = random.below(40); i > 0; i--) siblings.push(node);
      return;
    default:
      graft(siblings, at, donor, random);
  }
}

function replaceContent(node: DerNode, content: Uint8Array): void {
  node.content = content;
  node.children = undefined;
}

function contentOf({ content, children }: DerNode): Uint8Array {
  return children === undefined ? content : writeDerNodes(children);
}

/** An element of the donor, of the same tag where there is one. */
function graft(siblings: DerNode[], at: number, donor: Uint8Array, random: Random): void {
  const all = siblingLists(readDerNodes(donor) ?? []).flat();
  const alike = all.filter(({ tag }) => tag === siblings[at]?.tag);
  const pool = alike.length > 0 && random.chance(0.8) ? alike : all;
  if (pool.length > 0) siblings[at] = random.pick(pool);
}

function randomBytes(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}
