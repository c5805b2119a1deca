import { ApiProblem, type Permission, type SessionView } from "@tcm/api-contract";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
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

/** Whether the person may do it. What they may not do is not offered. */
export function useMay(permission: Permission): boolean {
  const { data } = useSuspenseQuery(sessionQuery);
  return data?.permissions.includes(permission) ?? false;
}
