import { findOrder } from '../core/attempts';
import { decideReport, resultFailure } from '../core/completion';
import type { JobRecord } from '../core/job';
import type { OrderReport } from '../core/report';
import type { Cloud } from './cloud';

/** The report as S3 confirms it: one of parts that are not there is a failure. Finished outputs are looked at when they are published. */
export async function verifyStored({ work }: Pick<Cloud, 'work'>, report: OrderReport): Promise<OrderReport> {
  const parts = report.kind === 'finished' ? report.outputs.filter(({ isPart }) => isPart === true) : [];
  const lacking = parts.length === 0 ? undefined : await work.lacking(parts);
  if (lacking === undefined || report.kind !== 'finished') return report;
  const { outputs: _outputs, wholeBecause: _wholeBecause, ...rest } = report;
  return { ...rest, kind: 'failed', failure: resultFailure(lacking) };
}

/**
 * What an order that is about to be issued again has come to already, whichever worker and generation it was: its
 * report can be lost, what it stored is there.
 * @returns undefined when there is nothing, or nothing valid
 */
export async function findResult(
  cloud: Pick<Cloud, 'work' | 'now' | 'settings'>,
  job: JobRecord,
  orderId: string,
): Promise<OrderReport | undefined> {
  const report = await cloud.work.result({ jobId: job.jobId, orderId });
  if (report?.jobId !== job.jobId || report.orderId !== orderId) return undefined;
  const decision = decideReport(job, report, { now: cloud.now(), settings: cloud.settings });
  if (decision.kind === 'unchanged' || findOrder(decision.job, orderId)?.state !== 'finished')
    return undefined;
  if (report.kind !== 'finished') return report;
  const lacking = await cloud.work.lacking(report.outputs);
  return lacking === undefined ? report : undefined;
}
