/** One a line, or parted by commas or blanks; in lower case, each once. */
export function readHostnames(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((name) => name !== ""),
    ),
  ];
}
