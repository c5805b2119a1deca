import { type ComponentProps, lazy, Suspense } from "react";
import type { TryIt as Shown } from "./try-it.tsx";

const Lazy = lazy(async () => ({ default: (await import("./try-it.tsx")).TryIt }));

/** How clients are tried: fetched after the page, whose last word it is. */
export function TryIt(props: ComponentProps<typeof Shown>) {
  return (
    <Suspense fallback={<p className="tcm-faint">Try it</p>}>
      <Lazy {...props} />
    </Suspense>
  );
}
