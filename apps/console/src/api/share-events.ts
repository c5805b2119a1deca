import type { Client, NumberedEvent } from "@tcm/api-contract";

type Events = Client["events"];
type Options = NonNullable<Parameters<Events>[0]>;

/** What windows say to each other: `hello` who comes, the others who has a stream that is live. */
type Told =
  | { readonly type: "hello" }
  | { readonly type: "beat" }
  | { readonly type: "event"; readonly one: NumberedEvent };

type Message = { readonly data: unknown };

/** The Web Locks of the window, as far as they are used. */
type Locks = {
  request(name: string, held: { readonly signal: AbortSignal }, whileHeld: () => Promise<void>): Promise<unknown>;
};

const name = "tcm-events";
const beatMs = 5_000;

/** A window that prints or asks something stands still; and a server may be asked, and not answer. */
const longestSilenceMs = 15_000;

/**
 * One stream for all windows of the browser: it has six connections to one server where TLS has not agreed on HTTP/2. Who has the lock
 * asks the server and tells the others; when it goes, or its stream fails, the next one asks, behind the last event.
 */
export function shareEvents(events: Events, locks: Locks | undefined, silenceMs = longestSilenceMs): Events {
  // A browser has locks where nobody on the way can read along (a secure context), and a proxy of the user's may be no such place.
  if (locks === undefined) return events;
  return async function* ({ after, signal = new AbortController().signal } = {}) {
    const channel = new BroadcastChannel(name);
    const leaving = new AbortController();
    try {
      const turn = Promise.withResolvers<void>();
      const held = { signal: leaving.signal };
      void locks.request(name, held, () => (turn.resolve(), goneBy(leaving.signal))).catch(() => undefined);
      let last = after;
      for await (const one of heard(channel, turn.promise, silenceMs, signal)) {
        if (one.id !== "") last = one.id;
        yield one;
      }
      if (signal.aborted) return;
      yield* toldToOthers(channel, events, { signal, ...(last !== undefined && { after: last }) });
    } finally {
      leaving.abort();
      channel.close();
    }
  };
}

function goneBy(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Until it is this window's turn, or who has it says nothing any more. */
async function* heard(
  channel: BroadcastChannel,
  turn: Promise<void>,
  silenceMs: number,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent, void> {
  const inbox: NumberedEvent[] = [];
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const end = (): void => {
    isOver = true;
    wake.resolve();
  };
  let silence = setTimeout(end, silenceMs);
  const hear = ({ data }: Message): void => {
    const told = data as Told;
    if (told.type === "hello") return;
    clearTimeout(silence);
    silence = setTimeout(end, silenceMs);
    if (told.type === "event") inbox.push(told.one);
    wake.resolve();
  };
  channel.addEventListener("message", hear);
  void Promise.race([turn, goneBy(signal)]).then(end);
  tell(channel, { type: "hello" });
  try {
    for (;;) {
      const next = inbox.shift();
      if (next !== undefined) yield next;
      else if (isOver) return;
      else {
        wake = Promise.withResolvers();
        await wake.promise;
      }
    }
  } finally {
    channel.removeEventListener("message", hear);
    clearTimeout(silence);
  }
}

async function* toldToOthers(channel: BroadcastChannel, events: Events, options: Options) {
  let last: string | undefined;
  const beat = setInterval(() => {
    if (last !== undefined) tell(channel, { type: "beat" });
  }, beatMs);
  channel.addEventListener("message", ({ data }: Message) => {
    if ((data as Told).type === "hello" && last !== undefined)
      tell(channel, { type: "event", one: { id: last, event: { type: "ready" } } });
  });
  try {
    for await (const one of events(options)) {
      last = one.id;
      tell(channel, { type: "event", one });
      yield one;
    }
  } finally {
    clearInterval(beat);
  }
}

function tell(channel: BroadcastChannel, told: Told): void {
  channel.postMessage(told);
}
