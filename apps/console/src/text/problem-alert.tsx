import { Alert, List, ListItem } from "@patternfly/react-core";
import { problemText } from "./problem-text.ts";

/** Says an error, with what to do about it. `live`: read out at once, for what comes after an action. */
export function ProblemAlert({ error, live = true }: { readonly error: unknown; readonly live?: boolean }) {
  const { title, detail, remedy, code, page, items } = problemText(error, Date.now());
  return (
    <Alert variant="danger" isInline title={title} component="h2" {...(live && { isLiveRegion: true })}>
      <p className="tcm-name">{detail}</p>
      {items.length > 0 && (
        <List>
          {items.map((item) => (
            <ListItem key={`${item.code} ${item.pointer ?? ""} ${item.detail}`}>
              <span className="tcm-name">{item.detail}</span> <code>{item.code}</code>
            </ListItem>
          ))}
        </List>
      )}
      {remedy !== undefined && <p>{remedy}</p>}
      {code !== undefined && <Code code={code} page={page} />}
    </Alert>
  );
}

/** By which others find the same. Its page opens beside this one: nobody loses what they have typed. */
function Code({ code, page }: { readonly code: string; readonly page: string | undefined }) {
  return (
    <p>
      {page === undefined ? (
        <code>{code}</code>
      ) : (
        <a href={page} target="_blank" rel="noreferrer" aria-label={`${code}, explained in a new tab`}>
          <code>{code}</code>
        </a>
      )}
    </p>
  );
}
