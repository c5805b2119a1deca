import { type ReactNode, useEffect, useRef } from "react";

type Props = { readonly title: string; readonly children?: ReactNode };

/** The heading of a step. It takes the focus when the step comes, so that who does not see the change hears it. */
export function StepHead({ title, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="tcm-step-head">
      <h2 ref={heading} tabIndex={-1} className="tcm-heading">
        {title}
      </h2>
      {children}
    </div>
  );
}
