/**
 * The one way in which text from certificates, node names and requests reaches a terminal or a log line. Controls (C0, C1, and
 * with them ANSI sequences and line breaks), bidirectional and invisible formatting characters, line and paragraph
 * separators and lone surrogates become visible escapes; everything else stays.
 */
export function escapeText(text: string): string {
  return text.replace(dangerous, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

const dangerous = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
