/** CloudWatch namespace of everything Spotreel measures. */
export const METRIC_NAMESPACE = 'Spotreel';

/**
 * Every metric that any part emits, with its CloudWatch unit. The dashboard and the alarms are built from this list.
 * None has a dimension beside the service, since each combination of dimensions is billed as a metric of its own.
 */
export const METRICS = {
  JobsAccepted: 'Count',
  JobsDone: 'Count',
  JobsFailed: 'Count',
  JobsRejected: 'Count',
  UploadToDoneSeconds: 'Seconds',
  QueueWaitSeconds: 'Seconds',
  BilledTaskSeconds: 'Seconds',
  BilledTaskUsd: 'None',
  LostTaskUsd: 'None',
  SpotReclaims: 'Count',
  TaskLaunches: 'Count',
  TaskLaunchFailures: 'Count',
  OrphansStopped: 'Count',
  SweepRepairs: 'Count',
  SweepRuns: 'Count',
  OldestOpenJobSeconds: 'Seconds',
  /** The following four by sweeps, each only where there was any. */
  OrdersReissued: 'Count',
  UploadsAborted: 'Count',
  ObjectsRemoved: 'Count',
  BytesRemoved: 'Bytes',
  /** The following four where networks are made for jobs (perJobNat). */
  NetworksMade: 'Count',
  NetworksRemoved: 'Count',
  NetworkUsd: 'None',
  /** Networks that are there past their expiry, or without a record; from each sweep. */
  NetworksOverdue: 'Count',
} as const;

export type MetricName = keyof typeof METRICS;
