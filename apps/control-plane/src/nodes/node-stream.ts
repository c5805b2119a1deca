import type { ServerHttp2Stream } from "node:http2";
import { maxNodeLineBytes } from "@tcm/api-contract";
import { lineReader } from "./line-reader.ts";

export type StreamListener = {
  readonly onLine: (line: string) => void;
  /** The stream says no more of any use: a line is longer than allowed. */
  readonly onTooLong: () => void;
  /** The node reads again. */
  readonly onDrain: () => void;
  readonly onEnd: (reason: string) => void;
};

const lastWordsMs = 2_000;

/** Lines to and from one node, each way no faster than the other end takes them. */
export class NodeStream {
  readonly #stream: ServerHttp2Stream;
  #isBlocked = false;
  #isHeld = false;
  #isEnded = false;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  /** The node does not read: what is written now waits in memory. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** The node is not heard. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  listen({ onLine, onTooLong, onDrain, onEnd }: StreamListener): void {
    const lines = lineReader(maxNodeLineBytes, onLine);
    this.#stream.on("data", (chunk: Buffer) => {
      if (!this.#isEnded && !lines.push(chunk)) onTooLong();
    });
    this.#stream.on("drain", () => {
      this.#isBlocked = false;
      onDrain();
    });
    this.#stream.on("error", () => onEnd("The stream broke."));
    this.#stream.on("close", () => onEnd("The connection ended."));
  }

  write(line: string): void {
    if (!this.#isEnded && !this.#stream.write(`${line}\n`)) this.#isBlocked = true;
  }

  /** What the node says meanwhile waits at its end of the connection. */
  async holdUntil(relief: Promise<void>): Promise<void> {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#stream.pause();
    await relief;
    this.#isHeld = false;
    this.#stream.resume();
  }

  /** What was written goes out, and the stream is closed whatever the node does: one that does not read holds nothing for long. */
  end(): void {
    this.#isEnded = true;
    const lastWords = setTimeout(() => this.#stream.destroy(), lastWordsMs).unref();
    this.#stream.once("close", () => clearTimeout(lastWords));
    this.#stream.end(() => this.#stream.close());
  }
}
