/** An error that the EC2 API answers with. */
export class Ec2Error extends Error {
  override readonly name = 'Ec2Error';

  constructor(
    /** AWS's name, such as `DependencyViolation`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function dependencyViolation(what: string): Ec2Error {
  return new Ec2Error('DependencyViolation', what);
}
