/** Entry point of the process: the command line starts it, and imports nothing else of the agent. */
export const agentMain = new URL("./main.ts", import.meta.url);
