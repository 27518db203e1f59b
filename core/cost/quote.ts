import { countFiles } from '../adaptive/count-files';
import type { Preset } from '../preset';
import { pricesFor } from '../prices/regions';
import type { Probe } from '../probe';
import { foreseeRenditions } from '../rendition';
import { billedTaskSeconds, encodeSeconds } from './encode-time';
import { AROUND_TASKS_SECONDS, natNetworkUsage } from './nat-network';
import type { NetworkMode } from '../network-mode';
import type { MediaConvertTier } from './media-convert';
import { mediaConvertUsd } from './media-convert';
import type { Range } from './range';
import { add, exactly, mapRange, scale } from './range';
import type { PriceBasis } from './receipt';
import { priceBasis } from './receipt';
import type { Architecture, CapacityProvider } from './task';
import { taskUsage } from './task';
import type { CostLine, UsageLine } from './usage';
import { priceUsage, totalUsd } from './usage';

export interface QuoteRequest {
  readonly probe: Probe;
  readonly sourceBytes: number;
  readonly preset: Preset;
  readonly region: string;
  readonly capacityProvider: CapacityProvider;
  readonly architecture: Architecture;
  readonly publicAddress: boolean;
  /** Default publicSubnet. With perJobNat the job is taken to have its network to itself; jobs that run at once share one. */
  readonly network?: NetworkMode;
}

export interface Quote extends PriceBasis {
  /** Seconds that AWS bills the task for. */
  readonly taskSeconds: Range;
  readonly lines: readonly CostLine[];
  readonly usd: Range;
  /** The same job on on-demand capacity. */
  readonly onDemandUsd: Range;
  /** Undefined where MediaConvert has no price that is known here. */
  readonly mediaConvertUsd: Readonly<Record<MediaConvertTier, number | undefined>>;
}

/** Compressed, as ECR keeps and sends it: 140 MB, as docs/image.md has it measured. */
export const IMAGE_GB = 0.14;
const LAMBDA_GB = 0.5;
const HOURS_PER_MONTH = 730;
const GB = 1024 ** 3;

/**
 * What a job will cost, before it is started; undefined when the source does not say how long it lasts. For a region
 * outside the price table the prices are those of us-east-1, and the quote says so.
 */
export function quote(request: QuoteRequest): Quote | undefined {
  const { prices } = pricesFor(request.region);
  const renditions = foreseeRenditions(request.preset.outputs, request.probe);
  const encoding = encodeSeconds(renditions, { probe: request.probe, task: request.preset.task });
  if (encoding === undefined) return undefined;
  const taskSeconds = billedTaskSeconds(encoding);
  const rest = [...jobUsage(request, { encoding, taskSeconds }), ...ownNetworkUsage(request, taskSeconds)];
  const cost = (capacityProvider: CapacityProvider): CostLine[] =>
    priceUsage(
      [
        ...taskUsage({
          size: request.preset.task,
          architecture: request.architecture,
          capacityProvider,
          seconds: taskSeconds,
          publicAddress: request.publicAddress,
        }),
        ...rest,
      ],
      prices,
    );
  const lines = cost(request.capacityProvider);
  return {
    ...priceBasis(request),
    taskSeconds,
    lines,
    usd: totalUsd(lines),
    onDemandUsd: totalUsd(cost('FARGATE')),
    mediaConvertUsd: {
      basic: mediaConvertUsd(renditions, 'basic'),
      professional: mediaConvertUsd(renditions, 'professional'),
    },
  };
}

function ownNetworkUsage({ network }: QuoteRequest, taskSeconds: Range): UsageLine[] {
  return network === 'perJobNat'
    ? natNetworkUsage({ seconds: add(taskSeconds, AROUND_TASKS_SECONDS), tasks: 1 })
    : [];
}

/** Everything but the task and its network: counted from what the stages do for a job of one order, and rounded up. */
function jobUsage(
  { sourceBytes, preset, probe }: QuoteRequest,
  { encoding, taskSeconds }: { encoding: Range; taskSeconds: Range },
): UsageLine[] {
  const outputs = preset.outputs.length;
  const files = preset.outputs.reduce((sum, output) => sum + countFiles(output, probe), 0);
  // One at each 5 per cent or each minute, whichever comes first, but not within two seconds; and the first and last ones.
  const reports = mapRange(encoding, seconds => 4 + Math.min(20 + seconds / 60, seconds / 2));
  const outputGb = outputs * (sourceBytes / GB);
  const transientHours = scale(taskSeconds, 1 / 3600);
  return [
    {
      what: 'S3: PUT, COPY, POST and LIST requests',
      item: 's3PutRequest',
      quantity: add(exactly(16 + outputs + 2 * files), scale(reports, 1)),
    },
    {
      what: 'S3: GET and HEAD requests',
      item: 's3GetRequest',
      // The source is read in ranges of its own: some for the index, then one that goes on.
      quantity: add(exactly(30 + outputs), scale(reports, 2)),
    },
    {
      what: 'S3: outputs while they are verified',
      item: 's3StorageGbMonth',
      // At most as large as the source each, and for as long as the task at most.
      quantity: {
        least: 0,
        likely: (outputGb / 2) * (transientHours.likely / HOURS_PER_MONTH),
        most: outputGb * (transientHours.most / HOURS_PER_MONTH),
      },
    },
    {
      what: 'SQS requests',
      item: 'sqsRequest',
      // Each message is sent, received and deleted; an order is held by a request every forty seconds.
      quantity: add(exactly(15), add(scale(reports, 3), scale(taskSeconds, 1 / 40))),
    },
    { what: 'Lambda requests', item: 'lambdaRequest', quantity: add(exactly(4), reports) },
    {
      what: 'Lambda compute',
      item: 'lambdaGbSecond',
      quantity: scale(add({ least: 2, likely: 4, most: 10 }, scale(reports, 0.3)), LAMBDA_GB),
    },
    {
      what: 'Logs',
      item: 'logsIngestGb',
      quantity: scale(add(exactly(30), scale(reports, 2)), 1024 / GB),
    },
    { what: 'Pull of the image', item: 'ecrTransferGb', quantity: exactly(IMAGE_GB) },
  ];
}
