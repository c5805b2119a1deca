/**
 * A part of the console could not be fetched. After an upgrade those of before are gone: the page is in the new console. A browser
 * without a network has nothing to reload from, and unsaved work stays where it is: who waits for the part is told.
 */
export function reloadForUpgrade(): void {
  if (navigator.onLine && !holdsWork()) location.reload();
}

/** Asks whoever would have the browser ask before it leaves the page. */
function holdsWork(): boolean {
  const leaving = new Event("beforeunload", { cancelable: true });
  return !dispatchEvent(leaving);
}
