import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { saveFile } from "../text/save-file.ts";
import { expiringCsv } from "./expiring-csv.ts";
import type { ExpiringRow } from "./expiring-rows.ts";

/** What is shown, for a spreadsheet. */
export function CsvActions({ rows }: { readonly rows: readonly ExpiringRow[] }) {
  const [said, setSaid] = useState("");
  const copy = (): void => {
    void navigator.clipboard.writeText(expiringCsv(rows, Date.now())).then(
      () => setSaid("Copied"),
      () => setSaid("The browser does not let it be copied"),
    );
  };
  return (
    <div className="tcm-actions">
      <Button
        variant="secondary"
        isDisabled={rows.length === 0}
        onClick={() => saveFile("expiring-certificates.csv", expiringCsv(rows, Date.now()), "text/csv")}
      >
        Download CSV
      </Button>
      <Button variant="link" isDisabled={rows.length === 0} onClick={copy}>
        Copy CSV
      </Button>
      <span role="status">{said}</span>
    </div>
  );
}
