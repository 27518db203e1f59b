/** An error that the ECS API answers with. */
export class EcsError extends Error {
  override readonly name = 'EcsError';
  /** Further members of the answer, such as `resourceIds`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    /** AWS's name, such as `InvalidParameterException`. */
    readonly code: string,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.members = members;
  }
}

export function invalidParameter(message: string): EcsError {
  return new EcsError('InvalidParameterException', message);
}
