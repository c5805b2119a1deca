/** The name of a script tells what is in it. A page that is no console, such as a proxy's, tells nothing. Pure. */
export function isOtherConsole(page: string, script: string): boolean {
  return page.includes('<div id="console">') && !page.includes(`"${script}"`);
}
