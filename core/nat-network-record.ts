import { z } from 'zod';

const isoTime = z.iso.datetime();

/** What a network is made of. The first three depend on nothing and are asked for together. */
export const NETWORK_PARTS = [
  'address',
  'internetGateway',
  'vpc',
  'publicSubnet',
  'privateSubnetA',
  'privateSubnetB',
  'publicRouteTable',
  'privateRouteTable',
  'securityGroup',
  'natGateway',
  's3Endpoint',
] as const;

export type NetworkPart = (typeof NETWORK_PARTS)[number];

const failureSchema = z.strictObject({
  /** EC2's error code, the NAT gateway's failure code, or one of our own. */
  code: z.string(),
  message: z.string(),
});

/**
 * A network with a NAT gateway that is made for jobs and taken down when none needs it. The record is written before
 * each EC2 call that it leads to, so that whatever was made can be found again.
 */
export const networkRecordSchema = z.strictObject({
  schema: z.literal('spotreel.network/1'),
  networkId: z.string(),
  status: z.enum(['building', 'ready', 'deleting', 'gone']),
  /** How many networks in a row have been tried, this one included; 1 after one that served. */
  attempt: z.int().min(1),
  createdAt: isoTime,
  updatedAt: isoTime,
  readyAt: isoTime.optional(),
  /** When the last job that needed it had ended; absent while one does. */
  idleSince: isoTime.optional(),
  deletingSince: isoTime.optional(),
  goneAt: isoTime.optional(),
  /** It is taken down then at the latest. Equal counts as expired. */
  expiresAt: isoTime,
  /** When the message that leads on is due. */
  nextStepAt: isoTime.optional(),
  /** Who it is tagged with: the user and the job that it was first made for. */
  requestedBy: z.string(),
  firstJob: z.string(),
  /** Jobs that wait for it or run in it. */
  jobs: z.array(z.string()),
  /** Jobs that did, and have ended. */
  served: z.array(z.string()),
  /** When each job came, by its id. */
  joinedAt: z.record(z.string(), isoTime).default({}),
  /** How long each of those that have ended was in it, by its id. */
  staySeconds: z.record(z.string(), z.number().min(0)).default({}),
  /** Each part that was asked for: when, and its id as soon as that is known. */
  parts: z.partialRecord(
    z.enum(NETWORK_PARTS),
    z.strictObject({ askedAt: isoTime, id: z.string().optional() }),
  ),
  /** Keys of the calls that have done their work; see `callKey`. */
  done: z.array(z.string()),
  /** What it waits for. */
  waitingFor: z.string().optional(),
  /** Why it was given up. */
  failure: failureSchema.optional(),
  /** What AWS bills for it, once it is gone: USD at list price. */
  cost: z
    .strictObject({
      /** Hours begun, each of which counts whole. */
      natHours: z.number().min(0),
      /** An assumption: what the API calls of so many tasks come to. */
      natGb: z.number().min(0),
      addressHours: z.number().min(0),
      usd: z.number().min(0),
      priceRegion: z.string(),
      pricesAssumed: z.literal(true).optional(),
    })
    .optional(),
});

export type NetworkRecord = z.infer<typeof networkRecordSchema>;
export type NetworkFailure = z.infer<typeof failureSchema>;

export const NETWORKS_PREFIX = 'networks/';
export const networkKey = (networkId: string): string => `${NETWORKS_PREFIX}${networkId}.json`;

/**
 * Ids count up, so that two who make a network at one moment ask for the same record, and one of them loses.
 * @param mark tells the networks of this deployment from those that an earlier one of the same name has left
 */
export function networkIdAfter(networkId: string | undefined, mark: string): string {
  return `net-${String(numberOf(networkId) + 1).padStart(8, '0')}-${mark}`;
}

/** 0 for none. */
export function numberOf(networkId: string | undefined): number {
  return Number(/^net-(\d+)/.exec(networkId ?? '')?.[1] ?? 0);
}

export function newNetwork(options: {
  networkId: string;
  attempt: number;
  job: { jobId: string; requestedBy: string };
  now: Date;
  expiryMinutes: number;
}): NetworkRecord {
  const { networkId, attempt, job, now, expiryMinutes } = options;
  return {
    schema: 'spotreel.network/1',
    networkId,
    status: 'building',
    attempt,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + expiryMinutes * 60_000).toISOString(),
    requestedBy: job.requestedBy,
    firstJob: job.jobId,
    jobs: [job.jobId],
    served: [],
    joinedAt: { [job.jobId]: now.toISOString() },
    staySeconds: {},
    parts: {},
    done: [],
  };
}

/** A record for a network that was found by its tags while none was: it is there to be taken down. */
export function adoptedNetwork(options: { networkId: string; now: Date; lastAskedAt: Date }): NetworkRecord {
  const now = options.now.toISOString();
  return {
    schema: 'spotreel.network/1',
    networkId: options.networkId,
    status: 'deleting',
    attempt: 1,
    createdAt: options.lastAskedAt.toISOString(),
    updatedAt: now,
    deletingSince: now,
    expiresAt: now,
    requestedBy: 'unknown',
    firstJob: 'unknown',
    jobs: [],
    served: [],
    joinedAt: {},
    staySeconds: {},
    parts: {},
    done: [],
    waitingFor: 'the removal of what was found without a record',
  };
}
