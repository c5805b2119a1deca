import type { AnswerOf, CallOf, EndpointName } from "@tcm/api-contract";
import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

type Read = Extract<EndpointName, `list${string}` | `get${string}`>;

/**
 * One read of the API. Its key is the name of the endpoint and the call, so that `invalidateQueries({ queryKey: [name] })` reads
 * again all that came from that endpoint.
 */
export function read<N extends Read>(name: N, call?: Omit<CallOf<N>, "signal">) {
  return queryOptions({
    queryKey: [name, call ?? {}] as const,
    queryFn: ({ signal }): Promise<AnswerOf<N>> => client.call(name, { ...call, signal } as never),
  });
}
