import type { Step } from "./journey-state.ts";
import { stepNames } from "./journey-title.ts";

/** Where one is between a name and a deployed version. */
export function StepList({ steps, current }: { readonly steps: readonly Step[]; readonly current: Step }) {
  const at = steps.indexOf(current);
  return (
    <ol className="tcm-journey-steps" aria-label="Steps">
      {steps.map((step, i) => (
        <li key={step} data-done={i < at} {...(i === at && { "aria-current": "step" as const })}>
          <span {...(i !== at && { className: "tcm-roomy" })}>{stepNames[step]}</span>
        </li>
      ))}
    </ol>
  );
}
