/**
 * The chunks of a body as they come; who stops early cancels the rest. By its reader: in Safari a stream cannot be iterated
 * (WHATWG Streams, asynchronous iteration, is missing there).
 */
export async function* readChunks(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Of a stream that has failed it fails as well, and says nothing new.
    await reader.cancel().catch(() => undefined);
  }
}
