import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { expiringCsv } from "./expiring-csv.ts";
import type { ExpiringRow } from "./expiring-rows.ts";

/** What is shown, for a spreadsheet. The name of the file is ours: nothing of a certificate gets into it. */
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
        onClick={() => download(expiringCsv(rows, Date.now()))}
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

function download(csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "expiring-certificates.csv";
  link.click();
  URL.revokeObjectURL(url);
}
