import type { Preset } from '../preset';
import { pricesFor } from '../prices/regions';
import type { SourceShape } from './encode-speed';
import { encodeCpuSeconds } from './encode-speed';
import { mediaConvertUsd } from './media-convert';
import type { Range } from './range';
import { add, exactly, mapRange, scale } from './range';
import type { PriceBasis } from './receipt';
import { priceBasis } from './receipt';
import type { Architecture, CapacityProvider } from './task';
import { MINIMUM_BILLED_SECONDS, taskUsage } from './task';
import type { CostLine, UsageLine } from './usage';
import { priceUsage, totalUsd } from './usage';

export interface QuoteRequest {
  readonly source: SourceShape;
  readonly preset: Preset;
  readonly region: string;
  readonly capacityProvider: CapacityProvider;
  readonly architecture: Architecture;
  readonly publicAddress: boolean;
}

export interface Quote extends PriceBasis {
  /** Seconds that AWS bills the task for. */
  readonly taskSeconds: Range;
  readonly lines: readonly CostLine[];
  readonly usd: Range;
  /** The same job on on-demand capacity. */
  readonly onDemandUsd: Range;
  /** Absent where MediaConvert has no price that is known here. */
  readonly mediaConvertUsd: { readonly basic?: number; readonly professional?: number };
}

/** Pulling the image, starting, and the time that a worker waits for another order. An assumption. */
const STARTUP_SECONDS: Range = { low: 20, typical: 40, high: 90 };
/** Share of its vCPUs that an encode keeps busy. */
const BUSY_SHARE: Range = { low: 1, typical: 0.85, high: 0.6 };
/** Compressed, as ECR keeps and sends it: node, ffmpeg and their libraries 139 MB, the base system about 40 MB. */
export const IMAGE_GB = 0.18;
const LAMBDA_GB = 0.5;
const HOURS_PER_MONTH = 730;
const GB = 1024 ** 3;

/** What a job will cost, before it is started. Prices outside the table are those of us-east-1, and the quote says so. */
export function quote(request: QuoteRequest): Quote {
  const { prices } = pricesFor(request.region);
  const taskSeconds = estimateTaskSeconds(request);
  const rest = jobUsage(request, taskSeconds);
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
      ...optional('basic', mediaConvertUsd(request.source, request.preset, 'basic')),
      ...optional('professional', mediaConvertUsd(request.source, request.preset, 'professional')),
    },
  };
}

function estimateTaskSeconds({ source, preset }: QuoteRequest): Range {
  const cpu = encodeCpuSeconds(source, preset);
  const encoding: Range = {
    low: cpu.low / (preset.task.vcpu * BUSY_SHARE.low),
    typical: cpu.typical / (preset.task.vcpu * BUSY_SHARE.typical),
    high: cpu.high / (preset.task.vcpu * BUSY_SHARE.high),
  };
  return mapRange(add(encoding, STARTUP_SECONDS), seconds => Math.max(MINIMUM_BILLED_SECONDS, seconds));
}

/** Everything but the task: counted from what the stages do for a job of one order, and rounded up. */
function jobUsage({ source, preset }: QuoteRequest, taskSeconds: Range): UsageLine[] {
  const outputs = preset.outputs.length;
  // A report at each 5 per cent, or each minute when that is more often; and those of the beginning and the end.
  const reports = mapRange(taskSeconds, seconds => Math.min(20 + seconds / 60, 4 + seconds / 2));
  const outputGb = outputs * (source.sizeBytes / GB);
  const transientHours = scale(taskSeconds, 1 / 3600);
  return [
    {
      what: 'S3: PUT, COPY, POST and LIST requests',
      item: 's3PutRequest',
      quantity: add(exactly(16 + 3 * outputs), scale(reports, 1)),
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
        low: 0,
        typical: (outputGb / 2) * (transientHours.typical / HOURS_PER_MONTH),
        high: outputGb * (transientHours.high / HOURS_PER_MONTH),
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
      quantity: scale(add({ low: 2, typical: 4, high: 10 }, scale(reports, 0.3)), LAMBDA_GB),
    },
    {
      what: 'Logs',
      item: 'logsIngestGb',
      quantity: scale(add(exactly(30), scale(reports, 2)), 1024 / GB),
    },
    { what: 'Pull of the image', item: 'ecrTransferGb', quantity: exactly(IMAGE_GB) },
  ];
}

function optional<K extends string>(key: K, value: number | undefined): { [key in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: number });
}
