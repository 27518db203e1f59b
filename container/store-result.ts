import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OrderAccess } from '../core/order';
import { RESULT_FILE_NAME } from '../core/order';
import type { Report } from '../core/report';
import type { Log } from './log';
import { uploadFile } from './upload';

export interface ResultOptions {
  /** A folder of the order's own. */
  readonly folder: string;
  readonly access: () => OrderAccess;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Stores how an order ended beside its ticket: should the report be lost, or this worker, what is done is seen in S3. */
export async function storeResult(report: Report, options: ResultOptions): Promise<void> {
  const { folder, access, signal, log } = options;
  const path = join(folder, RESULT_FILE_NAME);
  try {
    await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
    await uploadFile({ path, fileName: RESULT_FILE_NAME, contentType: 'application/json', access, signal });
  } catch (error) {
    log.warn('The result could not be stored; the report alone must tell of it', { error });
  }
}
