/** An error as SQS answers it. */
export class SqsError extends Error {
  override readonly name = 'SqsError';
  readonly code: string;
  /** The code of the old query protocol, by which SDKs still know some errors. */
  readonly queryCode: string;

  constructor(code: string, message: string, queryCode = code) {
    super(message);
    this.code = code;
    this.queryCode = queryCode;
  }
}

/** The names that services with a JSON protocol give to what S3 calls these. */
const SIGNATURE_ERRORS = new Map([
  ['InvalidAccessKeyId', 'InvalidClientTokenId'],
  ['ExpiredToken', 'ExpiredTokenException'],
  ['InvalidToken', 'InvalidClientTokenId'],
  ['RequestTimeTooSkewed', 'SignatureDoesNotMatch'],
]);

export function signatureError(code: string, message: string): SqsError {
  return new SqsError(SIGNATURE_ERRORS.get(code) ?? code, message);
}

export function accessDenied(principalArn: string, action: string, resource: string): SqsError {
  return new SqsError(
    'AccessDeniedException',
    `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no identity-based policy allows the ${action} action`,
    'AccessDenied',
  );
}

export function noSuchQueue(): SqsError {
  return new SqsError(
    'QueueDoesNotExist',
    'The specified queue does not exist.',
    'AWS.SimpleQueueService.NonExistentQueue',
  );
}
