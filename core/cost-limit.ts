import type { Now } from './attempts';
import { encodeSeconds } from './cost/encode-time';
import { taskCostUsd } from './cost/receipt';
import type { JobRecord } from './job';
import { chooseCapacity } from './launch';
import { probeOfFacts } from './probe-of-facts';
import { foreseeRenditions } from './rendition';
import type { Failure } from './report';

/** Why a job must not go on, when it has used more than its manifest allows. */
export function checkCost({ manifest, usage }: JobRecord): Failure | undefined {
  const limit = manifest?.costLimitUsd;
  if (limit === undefined || usage.estimatedUsd <= limit) return undefined;
  return {
    code: 'COST_LIMIT_REACHED',
    message: `The job has used ${told(usage.estimatedUsd)} USD of Fargate time; its manifest allows ${limit} USD.`,
    fix: 'Raise costLimitUsd in the manifest and upload it again, or choose a cheaper preset.',
    retryable: false,
    blame: 'limit',
  };
}

/**
 * Why a job must not begin, when even the least that it can cost is more than its manifest allows. Only a job whose
 * source is known can be judged; what the estimate leaves open is watched while it runs.
 */
export function foreseeTooDear(job: JobRecord, { settings }: Now): Failure | undefined {
  const limit = job.manifest?.costLimitUsd;
  const facts = job.source?.facts;
  const preset = job.preset?.content;
  if (limit === undefined || facts === undefined || preset === undefined) return undefined;
  const probe = probeOfFacts(facts);
  const encoding = encodeSeconds(foreseeRenditions(preset.outputs, probe), { probe, task: preset.task });
  if (encoding === undefined) return undefined;
  const capacityProvider = chooseCapacity(job, settings);
  const usd = taskCostUsd({ size: preset.task, seconds: encoding.least, capacityProvider }, settings);
  if (usd <= limit) return undefined;
  return {
    code: 'COST_LIMIT_TOO_LOW',
    message: `Encoding ${Math.round(facts.durationSeconds)} s of video with this preset takes at least ${told(usd)} USD of Fargate time; its manifest allows ${limit} USD.`,
    fix: 'Raise costLimitUsd in the manifest and upload it again, or choose a cheaper preset.',
    retryable: false,
    blame: 'limit',
  };
}

/** An amount with two digits, however small it is. */
function told(usd: number): string {
  return `${Number(usd.toPrecision(2))}`;
}
