import type { ProblemBody } from "../problem-schema.ts";

/** The server understood and said no. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly problem: ProblemBody;

  constructor(problem: ProblemBody) {
    super(problem.detail);
    this.problem = problem;
  }

  /** The last part of the problem type: what programs decide by. */
  get code(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf("/") + 1);
  }
}

/**
 * No answer that could be understood. `unreachable`: nobody answered; `timeout`: not in time; `foreign`: an answer, but not one
 * of this API, as from another program behind the address or from another version.
 */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly kind: "unreachable" | "timeout" | "foreign";

  constructor(kind: NoAnswer["kind"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
