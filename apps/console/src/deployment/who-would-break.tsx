import { Alert, List, ListItem } from "@patternfly/react-core";
import type { HandshakeSummary, VersionDiffView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { plural } from "../text/time-text.ts";
import { Time } from "../text/time.tsx";
import { type Impact, impactOf, impactTitle, watchedMs } from "./impact.ts";

type Props = { readonly diff: Pick<VersionDiffView, "caSetId" | "effect">; readonly network: Network };

/** Before a removal: the CAs whose clients lose access, with what the edges of the network have seen of them. */
export function WhoWouldBreak({ diff: { caSetId, effect }, network }: Props) {
  const [now] = useState(Date.now);
  const { data, error } = useQuery({
    ...read("getHandshakes", {
      params: { caSetId },
      query: { network, start: new Date(now - watchedMs).toISOString(), bucket: 86_400 },
    }),
    enabled: effect.losesAccess.length > 0,
  });
  const impact = impactOf(effect, data ?? nothingSeen);
  if (impact.length === 0)
    return <Alert variant="success" isInline isPlain component="p" title="Nobody loses access." />;
  return (
    <Alert
      variant={impact.some(({ lastSeen }) => lastSeen !== null) ? "danger" : "warning"}
      isInline
      component="h3"
      title="Clients of these CAs lose access"
    >
      <p role="status">
        {error !== null && "What edges saw of them is not known now."}
        {error === null && (data === undefined ? "Being looked up: who was seen." : impactTitle(impact, now))}
      </p>
      <List>
        {impact.map((one) => (
          <ListItem key={one.fingerprint}>
            <span className="tcm-name">{one.name}</span> <Fingerprint sha256={one.fingerprint} />
            {data !== undefined && <Seen impact={one} />}
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}

const nothingSeen: Pick<HandshakeSummary, "anchors"> = { anchors: [] };

function Seen({ impact: { handshakes, lastSeen } }: { readonly impact: Impact }) {
  if (lastSeen === null) return "no client was seen through it";
  return (
    <>
      {plural(handshakes, "handshake")} in 30 days, the last <Time iso={lastSeen} />
    </>
  );
}
