import { Alert } from "@patternfly/react-core";
import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

/** Told as soon as the browser knows it, and gone with it. */
export function OfflineNotice() {
  const isOnline = useSyncExternalStore(
    (onChange) => onlineManager.subscribe(onChange),
    () => onlineManager.isOnline(),
  );
  if (isOnline) return null;
  return (
    <Alert variant="warning" isInline isLiveRegion component="p" title="This browser is offline">
      Your work is kept on this page. Go on, and validate and save when the network is back.
    </Alert>
  );
}
