/** The process entry of the command line; what starts it needs nothing else of this package. */
export const cliMain = new URL("./main.ts", import.meta.url);
