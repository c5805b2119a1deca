import { Alert, List, ListItem } from "@patternfly/react-core";
import { problemText } from "./problem-text.ts";

/** Says an error, with what to do about it. `live`: read out at once, for what comes after an action. */
export function ProblemAlert({ error, live = true }: { readonly error: unknown; readonly live?: boolean }) {
  const { title, detail, remedy, code, items } = problemText(error);
  return (
    <Alert variant="danger" isInline title={title} component="h2" {...(live && { isLiveRegion: true })}>
      <p>{detail}</p>
      {items.length > 0 && (
        <List>
          {items.map((item) => (
            <ListItem key={`${item.code} ${item.pointer ?? ""} ${item.detail}`}>
              {item.detail} <code>{item.code}</code>
            </ListItem>
          ))}
        </List>
      )}
      {remedy !== undefined && <p>{remedy}</p>}
      {code !== undefined && (
        <p>
          <a href={`/mtls-edge-truststore/error-types/${code}`}>
            <code>{code}</code>
          </a>
        </p>
      )}
    </Alert>
  );
}
