import { Alert, Button, Icon } from "@patternfly/react-core";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import ExclamationTriangleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon";
import InfoCircleIcon from "@patternfly/react-icons/dist/esm/icons/info-circle-icon";
import { useState } from "react";
import { plural } from "../text/time-text.ts";
import type { Attention, Gravity } from "./attention.ts";
import { PlaceLink } from "./place-link.tsx";

/** As many as one reads at once. */
const shownFirst = 12;

const signs = {
  danger: { Sign: ExclamationCircleIcon, word: "Urgent" },
  warning: { Sign: ExclamationTriangleIcon, word: "Soon" },
  info: { Sign: InfoCircleIcon, word: "To do" },
} as const satisfies Readonly<Record<Gravity, unknown>>;

/** One line each, the gravest first. */
export function AttentionList({ attention }: { readonly attention: readonly Attention[] }) {
  const [isWhole, setWhole] = useState(false);
  if (attention.length === 0)
    return (
      <Alert
        variant="success"
        isInline
        isPlain
        component="p"
        title="Nothing: every edge node serves what it should, and no certificate ends within 90 days."
      />
    );
  const shown = isWhole ? attention : attention.slice(0, shownFirst);
  const hidden = attention.length - shown.length;
  return (
    <>
      <ul className="tcm-attention" aria-label="Needs attention">
        {shown.map((one) => (
          <Line key={one.key} attention={one} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button variant="link" isInline onClick={() => setWhole(true)}>
          {`Show ${plural(hidden, "more line")}`}
        </Button>
      )}
    </>
  );
}

function Line({ attention: { gravity, title, detail, place, action } }: { readonly attention: Attention }) {
  const { Sign, word } = signs[gravity];
  return (
    <li>
      <Icon status={gravity} title={word}>
        <Sign />
      </Icon>
      <div>
        <p className="tcm-attention-title tcm-name">
          <span className="pf-v6-screen-reader">{`${word}: `}</span>
          {title}
        </p>
        {detail !== undefined && detail !== "" && <p className="tcm-faint tcm-name">{detail}</p>}
      </div>
      <PlaceLink place={place}>{action}</PlaceLink>
    </li>
  );
}
