import { Fragment } from "react";
import { nameParts } from "./name-parts.ts";

/** A name or an address that breaks, where it is too long for its place, behind a sign that people read it by; else anywhere. */
export function LongName({ name }: { readonly name: string }) {
  return (
    <span className="tcm-name">
      {nameParts(name).map((part, i) => (
        // The parts of one name are in one order.
        <Fragment key={`${i} ${part}`}>
          {i > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
