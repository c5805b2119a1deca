/** `1 certificate`, `2 certificates`; `plural` where it is not made with an s. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
