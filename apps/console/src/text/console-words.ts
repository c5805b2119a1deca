/**
 * A sentence of the API as the console says it: networks as in any sentence, and no advice to who sends requests, which the page does.
 * Networks are known by the word before them: a set may be named PRODUCTION. Pure.
 */
export function consoleWords(sentence: string): string {
  return sentence
    .replace(/ Repeat (?:it|the request) with the query confirm=true if that is meant\./, "")
    .replace(/ Read it again and repeat your change\.$/, "")
    .replaceAll(/\b(on|to|from|of|network) (STAGING|PRODUCTION)\b(?![-\w])/g, (_, before: string, network: string) =>
      [before, network.toLowerCase()].join(" "),
    );
}
