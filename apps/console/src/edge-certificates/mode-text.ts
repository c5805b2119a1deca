/** What becomes of clients without a good certificate. */
export const modeText = { deny: "are refused", observe: "are let in, and marked" } as const;
