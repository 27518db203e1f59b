import type { MetricName } from '../core/metrics';

/** Panels of the dashboard, in the order in which they are read. */
export const PANELS = {
  jobs: 'Jobs',
  speed: 'Seconds from upload to done, and of waiting for a worker',
  age: 'Age of the oldest open job, in seconds',
  tasks: 'Tasks',
  billed: 'Billed task seconds',
  cost: 'USD for tasks, and the part that went into lost work',
  repairs: 'Sweeps and what they repaired',
  cleared: 'What was cleared away: uploads in parts, objects, networks',
  clearedBytes: 'Bytes of objects that were cleared away',
} as const;

export type Panel = keyof typeof PANELS;

interface Shown {
  readonly panel: Panel;
  /** CloudWatch statistic. */
  readonly statistic: 'Sum' | 'Maximum' | 'p50' | 'p95';
}

/** Where each metric of the catalogue is shown; a metric without a place does not compile. */
export const SHOWN: Readonly<Record<MetricName, readonly Shown[]>> = {
  JobsAccepted: [{ panel: 'jobs', statistic: 'Sum' }],
  JobsDone: [{ panel: 'jobs', statistic: 'Sum' }],
  JobsFailed: [{ panel: 'jobs', statistic: 'Sum' }],
  JobsRejected: [{ panel: 'jobs', statistic: 'Sum' }],
  UploadToDoneSeconds: [
    { panel: 'speed', statistic: 'p50' },
    { panel: 'speed', statistic: 'p95' },
  ],
  QueueWaitSeconds: [{ panel: 'speed', statistic: 'p95' }],
  OldestOpenJobSeconds: [{ panel: 'age', statistic: 'Maximum' }],
  TaskLaunches: [{ panel: 'tasks', statistic: 'Sum' }],
  TaskLaunchFailures: [{ panel: 'tasks', statistic: 'Sum' }],
  SpotReclaims: [{ panel: 'tasks', statistic: 'Sum' }],
  BilledTaskSeconds: [{ panel: 'billed', statistic: 'Sum' }],
  BilledTaskUsd: [{ panel: 'cost', statistic: 'Sum' }],
  LostTaskUsd: [{ panel: 'cost', statistic: 'Sum' }],
  SweepRuns: [{ panel: 'repairs', statistic: 'Sum' }],
  SweepRepairs: [{ panel: 'repairs', statistic: 'Sum' }],
  OrphansStopped: [{ panel: 'repairs', statistic: 'Sum' }],
  OrdersReissued: [{ panel: 'repairs', statistic: 'Sum' }],
  UploadsAborted: [{ panel: 'cleared', statistic: 'Sum' }],
  ObjectsRemoved: [{ panel: 'cleared', statistic: 'Sum' }],
  BytesRemoved: [{ panel: 'clearedBytes', statistic: 'Sum' }],
  NetworksMade: [{ panel: 'tasks', statistic: 'Sum' }],
  NetworksRemoved: [{ panel: 'cleared', statistic: 'Sum' }],
  NetworkUsd: [{ panel: 'cost', statistic: 'Sum' }],
  NetworksOverdue: [{ panel: 'repairs', statistic: 'Maximum' }],
};
