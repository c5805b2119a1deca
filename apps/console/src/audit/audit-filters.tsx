import { Button, Form, FormGroup, TextInput } from "@patternfly/react-core";
import type { ProblemSlug } from "@tcm/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ChoiceField } from "../text/choice-field.tsx";
import { actionWords } from "./action-words.ts";
import type { AuditSearch } from "./audit-filter.ts";
import { outcomeText } from "./record-text.ts";

const refusals: readonly ProblemSlug[] = [
  "unauthorized",
  "forbidden",
  "sign-in-limit-reached",
  "certificate-validation-failure-activate",
];

const actions = [["", "anything"], ...Object.entries(actionWords)] as const;
const outcomes = [
  ["", "any"],
  ["done", "done"],
  ...refusals.map((slug) => [slug, outcomeText(slug)] as const),
] as const;

/** By whom, what, how it ended, and when. It is in the address as soon as it is applied. */
export function AuditFilters({ search }: { readonly search: AuditSearch }) {
  const navigate = useNavigate();
  const [wanted, setWanted] = useState(search);
  const apply = (next: AuditSearch): void => {
    setWanted(next);
    void navigate({ to: "/audit", search: next });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    apply(wanted);
  };
  const typed = (name: "by" | "since" | "until") => ({
    id: `audit-${name}`,
    value: wanted[name] ?? "",
    onChange: (_: unknown, value: string): void => setWanted({ ...wanted, [name]: value }),
  });
  const chosen = (name: "action" | "outcome") => ({
    id: `audit-${name}`,
    value: wanted[name] ?? "",
    onValue: (value: string): void => apply({ ...wanted, [name]: value }),
  });
  return (
    <Form onSubmit={submit} className="tcm-audit-filters" aria-label="Filter">
      <FormGroup label="Who" fieldId="audit-by">
        <TextInput {...typed("by")} autoComplete="off" spellCheck={false} />
      </FormGroup>
      <ChoiceField {...chosen("action")} label="What" choices={actions} />
      <ChoiceField {...chosen("outcome")} label="Outcome" choices={outcomes} />
      <FormGroup label="From" fieldId="audit-since">
        <TextInput {...typed("since")} type="datetime-local" />
      </FormGroup>
      <FormGroup label="To" fieldId="audit-until">
        <TextInput {...typed("until")} type="datetime-local" />
      </FormGroup>
      <div className="tcm-actions">
        <Button type="submit" variant="secondary">
          Apply
        </Button>
        {Object.values(search).length > 0 && (
          <Button variant="link" onClick={() => apply({})}>
            Clear
          </Button>
        )}
      </div>
    </Form>
  );
}
