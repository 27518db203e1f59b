import { z } from 'zod';

/** Knobs of a deployment: set by context when it is synthesized, read by every Lambda from its SETTINGS variable. */
export const settingsSchema = z.strictObject({
  /** Spot first with on-demand after failures, Spot alone, or on-demand alone. Default spotFirst. */
  capacity: z.enum(['spotFirst', 'spotOnly', 'onDemand']).default('spotFirst'),
  /** Lost Spot tasks of one job after which the next starts on on-demand capacity (with spotFirst). Default 3. */
  reclaimsBeforeOnDemand: z.int().min(1).max(100).default(3),
  /** Failed, crashed or stalled attempts of one order after which the job fails. Reclaims don't count. Default 3. */
  maxAttempts: z.int().min(1).max(10).default(3),
  /** Seconds of picture above which a source is cut into chunks that several tasks encode. Default 180: up to there one task is done about as soon as others could have started. */
  splitAboveSeconds: z.number().positive().max(86_400).default(180),
  /** Seconds of picture that a chunk lasts, about. Default 60. It is what a reclaim may cost; shorter ones cost more starts of ffmpeg. */
  chunkSeconds: z.number().min(1).max(3600).default(60),
  /** Tasks that encode the chunks of one job at once. Default 8. More finish a long video sooner at about the same price. */
  maxTasksPerJob: z.int().min(1).max(500).default(8),
  /** Tasks that run at once in the whole deployment, about; orders beyond wait in the queue. Default 50. The account's Fargate vCPU quotas bound it too. */
  maxTasks: z.int().min(1).max(100_000).default(50),
  /** Tasks that ended without taking up an order, after which the job fails: an image that can't be pulled, say. Default 8. */
  maxFailedLaunches: z.int().min(1).max(100).default(8),
  /** Largest source accepted, in GiB. Default 100. */
  maxSourceGiB: z.number().positive().max(5120).default(100),
  /** Minutes that a video may wait for its manifest, or a manifest for its video. Default 60. */
  pairingMinutes: z.number().positive().max(10_080).default(60),
  /** Minutes a task may live; then the sweep stops it whatever it does. Default 360. */
  taskExpiryMinutes: z.number().positive().max(10_080).default(360),
  /** Minutes from acceptance after which an unfinished job fails. Default 1440. */
  jobExpiryMinutes: z.number().positive().max(20_160).default(1440),
  /** Seconds without a report from a worker with an order in hand, after which the sweep takes it for hung. Default 300. */
  silenceSeconds: z.number().positive().default(300),
  /** Seconds that a step may take before the sweep repeats it: an order nobody took, a task that never reported. Default 300. */
  graceSeconds: z.number().positive().default(300),
  /** Seconds that a signed URL is valid. Default 3300; over an hour cannot be relied on, since the signing credentials expire. */
  urlSeconds: z.int().min(60).max(3600).default(3300),
  /** Seconds without progress after which ffmpeg is taken for hung. Default 120. */
  stallSeconds: z.int().min(5).max(3600).default(120),
  /** Largest file uploaded by one POST, in MiB; beyond it, in parts. Default 5120, what S3 allows. */
  singleUploadMaxMiB: z.int().min(5).max(5120).default(5120),
  /** Minutes between two looks through the whole inbox for uploads that no event announced. Default 60. */
  reconcileMinutes: z.number().min(0).default(60),
  /** Minutes between two looks for unfinished uploads and for stored work of jobs that have ended. Default 60. */
  cleanUpMinutes: z.number().min(0).default(60),
  /** Hours back that a look through the inbox goes. Default 24. */
  reconcileHours: z.number().positive().max(720).default(24),
  /** Minutes after which a network that was made for jobs is taken down at the latest (with perJobNat). Default 720. Each task in it must have expired before. */
  networkExpiryMinutes: z.number().positive().max(20_160).default(720),
  /** Seconds that a network stays when no job needs it any more (with perJobNat). Default 300. They are billed; a job that comes meanwhile starts at once. */
  networkLingerSeconds: z.int().min(0).max(43_200).default(300),
  /** Seconds between two looks at a network that is being made, used or removed (with perJobNat). Default 15. */
  networkPollSeconds: z.int().min(1).max(225).default(15),
  /** Seconds within which EC2 may not show what was just made (with perJobNat). Default 60. Before that no call is repeated that EC2 would not know for a repetition, and nothing is taken for gone. */
  networkSettleSeconds: z.int().min(0).max(900).default(60),
  /** Seconds until a network is tried again that could not be made, for a quota say (with perJobNat); doubled each time, up to 15 minutes. Default 60. */
  networkRetrySeconds: z.int().min(1).max(900).default(60),
  /** Port on which each worker serves its progress, as a page and as JSON. Default none: nothing listens. Who may open it is said by statusCidrs. */
  statusPort: z.int().min(1024).max(65_535).optional(),
  /** CPU architecture of the worker's image and task. Default x86_64. The image is built for it, so the deploying machine must be able to; receipts are priced by it. */
  architecture: z.enum(['x86_64', 'arm64']).default('x86_64'),
});

/** What a Lambda finds out about its deployment where it runs; prices depend on it. */
export interface DeploymentFacts {
  /** AWS region. Absent: prices of us-east-1 stand in, and records say so. */
  readonly region?: string;
  /** Whether tasks have a public IPv4 address. Default true. */
  readonly publicAddress?: boolean;
}

export type Settings = z.infer<typeof settingsSchema> & DeploymentFacts;
