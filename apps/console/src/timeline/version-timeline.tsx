import { Link } from "@tanstack/react-router";
import { networkName } from "../text/network-name.ts";
import { localTime } from "../text/time-text.ts";
import { markText } from "./history-rows.ts";
import type { Mark, NetworkHistory, Span } from "./network-history.ts";
import { labelledTicks, type TimeAxis, timeAxis } from "./time-axis.ts";

/** What a date needs of a line as wide as a page. */
const room = 0.2;

type Props = { readonly caSetId: string; readonly histories: readonly NetworkHistory[]; readonly now: number };

/** Which version ran on which network from when to when, with what failed and what is under way. The table below says the same. */
export function VersionTimeline({ caSetId, histories, now }: Props) {
  const axis = timeAxis(histories, now);
  return (
    <figure className="tcm-lanes" aria-label="Versions over time">
      {histories.map((history) => (
        <Lane key={history.network} caSetId={caSetId} history={history} axis={axis} />
      ))}
      <div className="tcm-lane-dates" aria-hidden>
        {labelledTicks(axis, room).map((tick) => (
          <span key={tick} style={{ insetInlineStart: percent(axis.placeOf(tick)) }}>
            {isShort(axis) ? timeOf(tick) : dayOf(tick)}
          </span>
        ))}
        <span className="tcm-lane-now">now</span>
      </div>
      <figcaption className="tcm-faint">
        {axis.isCut ? "The last changes; the table has all. " : ""}
        The longer a bar, the longer it ran; short ones are drawn longer than they were.
      </figcaption>
    </figure>
  );
}

type LaneProps = { readonly caSetId: string; readonly history: NetworkHistory; readonly axis: TimeAxis };

function Lane({ caSetId, history: { network, spans, marks }, axis }: LaneProps) {
  const isSeen = ({ untilMs }: Span): boolean => untilMs === undefined || untilMs > axis.startMs;
  return (
    <>
      <h3 className="tcm-lane-name">{networkName[network]}</h3>
      <ol className="tcm-lane" aria-label={`${networkName[network]} over time`}>
        {spans.filter(isSeen).map((span) => (
          <SpanBar key={span.fromMs} caSetId={caSetId} span={span} axis={axis} />
        ))}
        {marks
          .filter(({ atMs }) => atMs >= axis.startMs)
          .map((mark) => (
            <MarkPoint key={mark.activation.activationId} caSetId={caSetId} mark={mark} axis={axis} />
          ))}
      </ol>
    </>
  );
}

type SpanProps = { readonly caSetId: string; readonly span: Span; readonly axis: TimeAxis };

function SpanBar({ caSetId, span: { network, version, fromMs, untilMs }, axis }: SpanProps) {
  const [from, until] = [axis.placeOf(fromMs), untilMs === undefined ? 1 : axis.placeOf(untilMs)];
  const place = { insetInlineStart: percent(from), inlineSize: `calc(${percent(until - from)} - 2px)` };
  const times = `from ${timeOf(fromMs)} ${untilMs === undefined ? "until now" : `to ${timeOf(untilMs)}`}`;
  return (
    <li className={`tcm-span tcm-span-${untilMs === undefined ? network.toLowerCase() : "past"}`} style={place}>
      <Link
        to="/ca-sets/$caSetId/versions/$version"
        params={{ caSetId, version: String(version) }}
        title={`Version ${version} ${times}`}
      >
        {version}
        <span className="tcm-unseen">{`: version ${version} ${times}`}</span>
      </Link>
    </li>
  );
}

type MarkProps = { readonly caSetId: string; readonly mark: Mark; readonly axis: TimeAxis };

function MarkPoint({ caSetId, mark: { kind, atMs, activation }, axis }: MarkProps) {
  const { version, activationId } = activation;
  const text = `${timeOf(atMs)}: ${markText(activation)}`;
  return (
    <li className={`tcm-mark tcm-mark-${kind}`} style={{ insetInlineStart: percent(axis.placeOf(atMs)) }}>
      <Link
        to="/ca-sets/$caSetId/versions/$version/deployments/$activationId"
        params={{ caSetId, version: String(version), activationId: String(activationId) }}
        title={text}
      >
        <span aria-hidden>{kind === "failed" ? "✕" : "▸"}</span>
        <span className="tcm-unseen">{text}</span>
      </Link>
    </li>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

/** Within two days the hour says more than the date. */
function isShort({ startMs, nowMs }: TimeAxis): boolean {
  return nowMs - startMs < 2 * 86_400_000;
}

function timeOf(ms: number): string {
  return localTime(new Date(ms).toISOString());
}

function dayOf(ms: number): string {
  return timeOf(ms).replace(/,? \d+:\d\d.*$/, "");
}
