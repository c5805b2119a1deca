import type { HandshakeSummary } from "@tcm/api-contract";
import { localTime, plural } from "../text/time-text.ts";
import { type HandshakeColumn, handshakeColumns } from "./handshake-columns.ts";

const heightPx = 96;

/** When clients came, and when they were refused; the sentence above says the sums, the tables below by whom and why. */
export function HandshakesOverTime({ summary }: { readonly summary: HandshakeSummary }) {
  const columns = handshakeColumns(summary);
  if (columns.length === 0) return null;
  const most = Math.max(1, ...columns.map(({ accepted, refused }) => accepted + refused));
  const busiest = columns.reduce((a, b) => (b.accepted + b.refused > a.accepted + a.refused ? b : a));
  const label = `Handshakes over time: ${plural(summary.accepted, "handshake")} accepted, ${summary.refused + summary.removedAnchor} refused; most of them about ${timeOf(busiest)}`;
  return (
    <figure className="tcm-handshakes">
      <div className="tcm-handshakes-picture" role="img" aria-label={label}>
        {columns.map((column) => (
          <Column key={column.startMs} column={column} most={most} />
        ))}
      </div>
      <figcaption className="tcm-handshakes-times">
        <span>{localTime(summary.startDate)}</span>
        <span className="tcm-expiry-legend">
          <span>
            <span className="tcm-expiry-swatch tcm-handshakes-accepted" aria-hidden /> accepted
          </span>
          <span>
            <span className="tcm-expiry-swatch tcm-handshakes-refused" aria-hidden /> refused
          </span>
        </span>
        <span>{localTime(summary.endDate)}</span>
      </figcaption>
    </figure>
  );
}

function Column({ column, most }: { readonly column: HandshakeColumn; readonly most: number }) {
  const { accepted, refused } = column;
  return (
    <div title={`${timeOf(column)}: ${accepted} accepted, ${refused} refused`}>
      {refused > 0 && <span className="tcm-handshakes-refused" style={{ blockSize: barOf(refused, most) }} />}
      {accepted > 0 && <span className="tcm-handshakes-accepted" style={{ blockSize: barOf(accepted, most) }} />}
    </div>
  );
}

/** Seen, however few they are. */
function barOf(part: number, most: number): string {
  return `${Math.max(2, (part / most) * heightPx)}px`;
}

function timeOf({ startMs }: HandshakeColumn): string {
  return localTime(new Date(startMs).toISOString());
}
