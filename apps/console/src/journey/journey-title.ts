import type { JourneyStart, JourneyState, Step } from "./journey-state.ts";

export const stepNames: Readonly<Record<Step, string>> = {
  name: "Name",
  certificates: "Certificates",
  review: "Review",
  location: "Location",
  progress: "Deployment",
};

/** What is done here, in a few words: the heading of all steps. */
export function journeyHeading({ target, caSetName }: Pick<JourneyStart, "target" | "caSetName">): string {
  if (target.kind === "new-set") return "Create new set";
  return target.kind === "edit" ? `Edit version ${target.version} of ${caSetName}` : `New version of ${caSetName}`;
}

/** The title of the page names the step too, and from the moment on at which something is saved, what was. Pure. */
export function journeyTitle(
  start: Pick<JourneyStart, "target" | "caSetName">,
  { step, saved, caSetName }: Pick<JourneyState, "step" | "saved" | "caSetName">,
): string {
  const what = saved === undefined ? journeyHeading(start) : `${caSetName} version ${saved.version}`;
  return `${what}: ${stepNames[step].toLowerCase()}`;
}
