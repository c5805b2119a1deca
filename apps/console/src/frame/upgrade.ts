import { isOtherConsole } from "./other-console.ts";

/**
 * A part of the console could not be fetched. After an upgrade those of before are gone: the page is in the new console. Unsaved work
 * stays where it is, and who waits for the part is told.
 */
export async function reloadForUpgrade(): Promise<void> {
  if ((await isUpgraded()) && !holdsWork()) location.reload();
}

/** Whether the server has another console than this page by now. Without an answer of the server's it is not known to. */
export async function isUpgraded(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>("script[type=module][src]");
  try {
    const answer = await fetch("/", { cache: "no-store" });
    return answer.ok && own !== null && isOtherConsole(await answer.text(), new URL(own.src).pathname);
  } catch {
    return false;
  }
}

/** Asks whoever would have the browser ask before it leaves the page. */
function holdsWork(): boolean {
  const leaving = new Event("beforeunload", { cancelable: true });
  return !dispatchEvent(leaving);
}
