import { ApiProblem } from "@tcm/api-contract";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

const maxRetries = 2;

/** Reads are kept until an event says that they have changed; what the server refused is not asked for again. */
export function openQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => whenSignedOut(client, error) }),
    mutationCache: new MutationCache({ onError: (error) => whenSignedOut(client, error) }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // A computer without a network still reaches the server on itself.
        networkMode: "always",
        refetchOnWindowFocus: true,
        retry: (failures, error) => !(error instanceof ApiProblem) && failures < maxRetries,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  return client;
}

/** The session is asked for again, so that the page can ask for the password and keep what was typed. */
function whenSignedOut(client: QueryClient, error: unknown): void {
  if (error instanceof ApiProblem && error.problem.status === 401) {
    void client.invalidateQueries({ queryKey: ["session"] });
  }
}
