import { classifyProcess } from '../core/process-failure';
import { redactProgramOutput } from '../core/redact';
import type { Failure } from '../core/report';
import type { ReadFailure } from '../core/source-failure';
import { classifyRead } from '../core/source-failure';
import { DownloadError } from './download';
import { MediaProcessError } from './media/process-error';
import { UploadError } from './upload-error';

/** An order can't be fulfilled for a reason that is known. */
export class OrderFailure extends Error {
  override readonly name = 'OrderFailure';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** What is reported of an error. A source that could not be read explains whatever happened after it. */
export function failureOf(error: unknown, readFailure: ReadFailure | undefined): Failure {
  if (readFailure !== undefined) return classifyRead(readFailure);
  if (error instanceof OrderFailure) return error.failure;
  if (error instanceof MediaProcessError) return classifyProcess(error.end);
  const message = redactProgramOutput(error instanceof Error ? error.message : String(error));
  if (error instanceof DownloadError) {
    return {
      code: 'INPUT_READ_FAILED',
      message,
      fix: 'It is tried again by itself. If it fails each time, see the worker log of the job.',
      retryable: true,
      blame: 'service',
    };
  }
  if (error instanceof UploadError) {
    return error.retryable
      ? {
          code: 'UPLOAD_FAILED',
          message,
          fix: 'It is tried again by itself.',
          retryable: true,
          blame: 'service',
        }
      : {
          code: 'OUTPUT_TOO_LARGE',
          message,
          fix: 'Set video.quality.maxBitrateKbps in the preset.',
          retryable: false,
          blame: 'limit',
        };
  }
  return {
    code: 'WORKER_ERROR',
    message: `The worker failed: ${message}`,
    fix: 'It is tried again by itself. If it fails each time, report it as a bug.',
    retryable: true,
    blame: 'service',
  };
}
