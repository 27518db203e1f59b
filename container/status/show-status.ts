import type { Log } from '../log';
import { serveStatus } from './status-server';
import type { WorkerStatus } from './worker-status';

/** Opens the status page where there is to be one. That it cannot be opened is no reason not to work. */
export async function showStatus(options: {
  readonly port: number | undefined;
  /** Address of the task. */
  readonly host: string | undefined;
  readonly status: WorkerStatus;
  readonly log: Log;
}): Promise<void> {
  const { port, host, status, log } = options;
  if (port === undefined) return;
  if (host === undefined) {
    log.warn('There is no status page: the address of the task is not known');
    return;
  }
  try {
    await serveStatus({ host, port, report: () => status.report() });
    log.info('The status page is open', { host, port });
  } catch (error) {
    log.warn('There is no status page: its port could not be opened', { host, port, error });
  }
}
