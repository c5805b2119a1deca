import type { z } from "zod";
import type { EndpointName, endpoints } from "../endpoints.ts";

type Endpoints = typeof endpoints;

/** The names in the braces of a path. */
export type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

type ParamsOf<N extends EndpointName> = [PathParameter<Endpoints[N]["path"]>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Readonly<Record<PathParameter<Endpoints[N]["path"]>, string | number>> };

type QueryOf<N extends EndpointName> = Endpoints[N] extends { readonly query: readonly (infer Name extends string)[] }
  ? { readonly query?: Readonly<Partial<Record<Name, string | number | boolean>>> }
  : { readonly query?: undefined };

type BodyOf<N extends EndpointName> = Endpoints[N] extends { readonly body: infer Body extends z.ZodType }
  ? { readonly body: z.input<Body> }
  : { readonly body?: undefined };

/** What a call of the endpoint is given. */
export type CallOf<N extends EndpointName> = ParamsOf<N> &
  QueryOf<N> &
  BodyOf<N> & {
    /** The ETag of what is to be changed. */
    readonly ifMatch?: string;
    readonly signal?: AbortSignal;
  };

type Form<F> = F extends z.ZodType ? z.output<F> : F extends string ? string : undefined;

/** What the endpoint answers, whichever of its statuses it is. */
export type AnswerOf<N extends EndpointName> = Form<Endpoints[N]["answers"][keyof Endpoints[N]["answers"]]>;

/** An answer with what its headers say. */
export type FullAnswer<T> = {
  readonly status: number;
  readonly body: T;
  /** For `ifMatch` of a change. */
  readonly etag: string | undefined;
  readonly location: string | undefined;
  /** When to ask again, where the server says it. */
  readonly retryAfter: Date | undefined;
};
