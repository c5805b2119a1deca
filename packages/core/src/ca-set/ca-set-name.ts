/** mETS: 3 to 64 of these characters, never three dots in a row. Undefined: a good name; else what is wrong. */
export function checkCaSetName(name: string): "length" | "characters" | "dots" | undefined {
  if (name.length < 3 || name.length > 64) return "length";
  if (!/^[A-Za-z0-9_.%-]+$/.test(name)) return "characters";
  return name.includes("...") ? "dots" : undefined;
}
