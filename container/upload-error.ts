import { redact } from '../core/redact';
import type { SendAnswer } from './http-send';

/** An upload that S3 did not take. */
export class UploadError extends Error {
  override readonly name = 'UploadError';

  constructor(
    message: string,
    /** Whether another attempt could end otherwise. */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(redact(message), options);
  }
}

/** Throws when S3 refused: its own code and message, without any address. */
export function throwUnlessStored(answer: SendAnswer, fileName: string): void {
  if (answer.status >= 200 && answer.status < 300) return;
  const code = /<Code>([^<]*)<\/Code>/.exec(answer.text)?.[1] ?? 'no code';
  const message = /<Message>([^<]*)<\/Message>/.exec(answer.text)?.[1] ?? 'no message';
  throw new UploadError(
    `S3 refused ${fileName} with ${answer.status} ${code}: ${message}`,
    // What was refused for its age or a passing fault may be taken from another attempt, which has fresh URLs.
    code !== 'EntityTooLarge',
  );
}
