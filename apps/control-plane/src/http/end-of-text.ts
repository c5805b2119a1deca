/** Behind the quote that ends the text which begins at `from`; certificates are long, so that quotes are searched for. */
export function endOfText(json: string, from: number): number {
  for (let at = json.indexOf('"', from + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let first = at;
    while (json[first - 1] === "\\") first--;
    if ((at - first) % 2 === 0) return at + 1;
  }
  return json.length;
}
