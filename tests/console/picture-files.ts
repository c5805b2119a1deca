import type { PictureName } from "./picture-names.ts";

export type Look = { readonly colorScheme: "light" | "dark"; readonly width: number };

/** Both themes, as wide as a desk has it and as narrow as WCAG 2.2 (1.4.10) asks for, and one of a large screen. */
export const looks: readonly Look[] = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "dark", width: 320 },
  { colorScheme: "light", width: 320 },
  { colorScheme: "light", width: 1920 },
];

export function pictureFile(name: PictureName, { colorScheme, width }: Look): string {
  return `${name}-${colorScheme}-${width}.png`;
}
