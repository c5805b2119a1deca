/** Entry points of processes: the command line starts them, and imports nothing else of the control plane. */
export const controlPlaneMain = new URL("./main.ts", import.meta.url);
export const tokenMain = new URL("./token-main.ts", import.meta.url);
export const backupMain = new URL("./backup-main.ts", import.meta.url);
export const restoreMain = new URL("./restore-main.ts", import.meta.url);
export const auditMain = new URL("./audit-main.ts", import.meta.url);
