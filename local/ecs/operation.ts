import type { z } from 'zod';
import type { AccessRequest, Authorize, Principal } from '../types';
import { EcsError } from './errors';
import type { Fargate } from './fargate';
import type { TaskTable } from './task-table';
import type { EcsOptions } from './types';

/** What the operations of the API work on. */
export interface Ecs {
  readonly options: EcsOptions;
  readonly now: () => Date;
  readonly table: TaskTable;
  readonly fargate: Fargate;
}

/** One call of the API: what it says, and what its caller may do. */
export interface Call {
  readonly body: unknown;
  readonly access: Access;
}

export type Operation = (ecs: Ecs, call: Call) => object | Promise<object>;

/** The caller's permissions. */
export class Access {
  readonly #principal: Principal;
  readonly #authorize: Authorize;

  constructor(principal: Principal, authorize: Authorize) {
    this.#principal = principal;
    this.#authorize = authorize;
  }

  /** Throws `AccessDeniedException` unless the caller may do this. */
  require(request: Omit<AccessRequest, 'principal'>): void {
    if (this.#authorize({ ...request, principal: this.#principal })) return;
    const { action, resource } = request;
    throw new EcsError(
      'AccessDeniedException',
      `User: ${this.#principal.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
        `because no identity-based policy allows the ${action} action`,
    );
  }
}

/** Reads a request; a member that is missing or of the wrong type is named in the error. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new EcsError('SerializationException', problems.join('; '));
}
