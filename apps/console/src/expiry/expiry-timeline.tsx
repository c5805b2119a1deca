import { type ExpiryColumn, expiryColumns } from "./expiry-columns.ts";
import { countUrgencies, expirySummary, urgencies, urgencyWords } from "./expiry-summary.ts";

/** About as many dates as stand beside each other on a telephone. */
const maxLabels = 5;
/** A longer one would go over the edge at the end of the line. */
const shortLabel = 6;

/** When certificates end, as columns over time. The table with the same certificates stands beside it. */
export function ExpiryTimeline({ endDates }: { readonly endDates: readonly string[] }) {
  const now = Date.now();
  const columns = expiryColumns(endDates, now);
  if (columns.length === 0) return null;
  const most = Math.max(...columns.map(({ total }) => total));
  const step = Math.ceil(columns.length / maxLabels);
  return (
    <figure className="tcm-expiry">
      <div className="tcm-expiry-picture" role="img" aria-label={`When they end. ${expirySummary(endDates, now)}`}>
        {columns.map((column, i) => (
          <Column
            key={column.startMs}
            column={column}
            most={most}
            hasLabel={i % step === 0 && (column.label.length <= shortLabel || i < columns.length * 0.75)}
          />
        ))}
      </div>
      <figcaption className="tcm-expiry-legend">
        {countUrgencies(endDates, now).map(({ urgency, count }) => (
          <span key={urgency}>
            <span className={`tcm-expiry-swatch tcm-expiry-${urgency}`} aria-hidden /> {count} {urgencyWords[urgency]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

type ColumnProps = { readonly column: ExpiryColumn; readonly most: number; readonly hasLabel: boolean };

function Column({ column: { label, counts, total, isNow }, most, hasLabel }: ColumnProps) {
  return (
    <div className={`tcm-expiry-column${isNow ? " tcm-expiry-now" : ""}`} title={`${label}: ${total}`}>
      <span className="tcm-expiry-count">{total > 0 ? total : ""}</span>
      {urgencies.map(
        (urgency) =>
          counts[urgency] > 0 && (
            <span
              key={urgency}
              className={`tcm-expiry-${urgency}`}
              style={{ blockSize: `${Math.max(4, (counts[urgency] / most) * 72)}px` }}
            />
          ),
      )}
      <span className="tcm-expiry-label">{hasLabel ? label : ""}</span>
    </div>
  );
}
