import { useEffect } from "react";

/** WCAG 2.2, 2.4.2: a page is known by its title; a screen reader says it when the page changes. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Trust Chain Manager`;
  }, [title]);
}
