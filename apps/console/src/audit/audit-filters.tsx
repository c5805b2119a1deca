import { Button, Form, FormGroup, FormSelect, FormSelectOption, TextInput } from "@patternfly/react-core";
import type { ProblemSlug } from "@tcm/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { actionWords } from "./action-words.ts";
import type { AuditSearch } from "./audit-filter.ts";
import { outcomeText } from "./record-text.ts";

const refusals: readonly ProblemSlug[] = [
  "unauthorized",
  "forbidden",
  "sign-in-limit-reached",
  "certificate-validation-failure-activate",
];

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
  return (
    <Form onSubmit={submit} className="tcm-audit-filters" aria-label="Filter">
      <FormGroup label="Who" fieldId="audit-by">
        <TextInput {...typed("by")} autoComplete="off" spellCheck={false} />
      </FormGroup>
      <FormGroup label="What" fieldId="audit-action">
        <FormSelect
          id="audit-action"
          value={wanted.action ?? ""}
          onChange={(_, action) => apply({ ...wanted, action })}
        >
          <FormSelectOption value="" label="anything" />
          {Object.entries(actionWords).map(([action, words]) => (
            <FormSelectOption key={action} value={action} label={words} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label="Outcome" fieldId="audit-outcome">
        <FormSelect
          id="audit-outcome"
          value={wanted.outcome ?? ""}
          onChange={(_, outcome) => apply({ ...wanted, outcome })}
        >
          <FormSelectOption value="" label="any" />
          <FormSelectOption value="done" label="done" />
          {refusals.map((slug) => (
            <FormSelectOption key={slug} value={slug} label={outcomeText(slug)} />
          ))}
        </FormSelect>
      </FormGroup>
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
