import { ApiProblem, type Permission, type SessionView } from "@tcm/api-contract";
import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { client } from "../api/client.ts";

/** Who has signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ["session"] as const,
  staleTime: 60_000,
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      return await client.call("getSession", { signal });
    } catch (error) {
      if (error instanceof ApiProblem && error.problem.status === 401) return null;
      throw error;
    }
  },
});

/** Of the person whose pages are around. It stays while they sign in again, so that their pages stay as they are. */
export const SessionContext = createContext<SessionView | undefined>(undefined);

export function useSession(): SessionView {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("a page of somebody who has signed in is shown to nobody");
  return session;
}

/** Whether the person may do it. What they may not do is not offered. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}
