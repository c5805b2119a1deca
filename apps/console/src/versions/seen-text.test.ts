import { expect, test } from "vitest";
import { seenText } from "./seen-text.ts";

test.each([
  [undefined, "no client was seen through it"],
  [{ accepted: 0, lastAcceptedDate: null }, "no client was seen through it"],
  [{ accepted: 0, lastAcceptedDate: "T" }, "last let a client in <T>, none in the last 24 hours"],
  [{ accepted: 1, lastAcceptedDate: "T" }, "last let a client in <T>, 1 handshake in 24 hours"],
  [{ accepted: 1_204, lastAcceptedDate: "T" }, "last let a client in <T>, 1,204 handshakes in 24 hours"],
])("whom a CA let in is told: %j", (seen, text) => {
  expect(seenText(seen, (iso) => `<${iso}>`)).toBe(text);
});
