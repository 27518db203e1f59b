import { z } from 'zod';
import type { PipelineConfig } from '../config';

/** Who may open the status pages of the workers. */
export interface StatusAccess {
  readonly port: number;
  readonly cidrs: readonly string[];
}

/** What a security group takes in rules, with some to spare below AWS's default of 60. */
const MOST_CIDRS = 50;

const cidrSchema = z
  .cidrv4('Use an IPv4 network such as 203.0.113.0/24, or one address as 203.0.113.7/32.')
  .refine(cidr => !cidr.endsWith('/0'), 'That is everybody. Give the networks of those who are to see it.');

/** A list, or text that is separated by commas, as the command line has it. */
export const cidrsSchema = z.preprocess(
  (input: string | readonly string[]) =>
    typeof input === 'string' ? input.split(',').map(one => one.trim()) : input,
  z.array(cidrSchema).min(1).max(MOST_CIDRS),
);

/** Undefined where workers have no status page. */
export function statusAccess({ settings, statusCidrs = [] }: PipelineConfig): StatusAccess | undefined {
  return settings.statusPort === undefined ? undefined : { port: settings.statusPort, cidrs: statusCidrs };
}
