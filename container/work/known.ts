import type { Probe } from '../../core/probe';

/** What has been found out about the source so far; reported also when the order fails. */
export interface Known {
  source?: Probe;
}
