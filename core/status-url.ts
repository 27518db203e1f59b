import type { Decision } from './attempts';

/** Where a task may be reached. */
export interface TaskAddress {
  readonly publicIp?: string;
  readonly privateIp?: string;
}

/** The page of a worker; by its private address where it has no public one. Undefined where neither is known. */
export function statusUrl({ publicIp, privateIp }: TaskAddress, port: number): string | undefined {
  const address = publicIp ?? privateIp;
  return address === undefined ? undefined : `http://${address}:${port}/`;
}

/** A decision whose record says where the attempt's worker shows its progress. */
export function withStatusUrl(decision: Decision, deliveryId: string, url: string | undefined): Decision {
  if (decision.kind === 'unchanged' || url === undefined) return decision;
  const { job } = decision;
  return {
    ...decision,
    job: {
      ...job,
      orders: job.orders.map(order => ({
        ...order,
        attempts: order.attempts.map(attempt =>
          attempt.deliveryId === deliveryId ? { ...attempt, statusUrl: url } : attempt,
        ),
      })),
    },
  };
}
