/** Where the built console lies. The command line tells the control plane, which serves it; nothing else of the console is imported. */
export const consoleDirectory = new URL("../dist/", import.meta.url);
