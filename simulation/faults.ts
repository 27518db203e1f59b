/** How often each fault happens: a probability for each occasion, unless its name says otherwise. 0 is never. */
export interface Faults {
  /** An event of S3, EventBridge or the schedule that never comes. */
  readonly eventLost: number;
  /** An event or a message that comes twice. */
  readonly duplicated: number;
  /** A message of a queue that is gone, as no queue should lose one. */
  readonly messageLost: number;
  /** An event or a message that is late, by up to ten minutes. */
  readonly delayed: number;
  /** A call of a Lambda to AWS that is refused. */
  readonly callFails: number;
  /** A call that took effect, but whose answer is an error. */
  readonly answerLost: number;
  /** A Lambda that dies after a call. */
  readonly lambdaCrash: number;
  /** RunTask answers with `failures[]`, for each capacity provider. */
  readonly noCapacity: number;
  /** A task that never comes to run its worker. */
  readonly startFails: number;
  /** Spot reclaims of a task for each hour that it runs. */
  readonly reclaimsPerHour: number;
  /** A worker that is killed while it encodes. */
  readonly workerCrash: number;
  /** A worker that stands still for long and then goes on, with or without its task being taken for stopped. */
  readonly zombie: number;
  /** A worker that hangs for ever. */
  readonly hung: number;
  /** An encode that fails for a passing reason. */
  readonly encodeFails: number;
  /** An upload of results that arrives damaged while the worker believes it whole. */
  readonly damagedResult: number;
  /** A call of a worker to SQS that fails for good, which ends the worker. */
  readonly workerCallFails: number;
  /** An encode that takes hours, so that its URLs have to be renewed. */
  readonly longEncode: number;
  /** A write that takes effect although its condition does not hold, as on S3 none does: to be planted, since nothing withstands it. */
  readonly conditionIgnored: number;
}

export const NO_FAULTS: Faults = {
  eventLost: 0,
  duplicated: 0,
  messageLost: 0,
  delayed: 0,
  callFails: 0,
  answerLost: 0,
  lambdaCrash: 0,
  noCapacity: 0,
  startFails: 0,
  reclaimsPerHour: 0,
  workerCrash: 0,
  zombie: 0,
  hung: 0,
  encodeFails: 0,
  damagedResult: 0,
  workerCallFails: 0,
  longEncode: 0,
  conditionIgnored: 0,
};

type FaultNames = readonly (keyof Faults)[];

/** By the code of a job's failure: the faults that may bring it about. Whatever else goes wrong must not fail a job. */
export const CAUSES: Readonly<Record<string, FaultNames>> = {
  TASKS_DO_NOT_START: ['noCapacity', 'startFails', 'workerCrash', 'workerCallFails', 'zombie'],
  WORKER_CRASHED: ['workerCrash', 'workerCallFails', 'zombie'],
  WORKER_SILENT: ['hung', 'zombie'],
  ENCODE_FAILED: ['encodeFails'],
  RESULT_NOT_VERIFIED: ['damagedResult'],
  // A message that a crashed function had in hand stays hidden for longer than URLs live.
  URL_EXPIRED: ['zombie', 'lambdaCrash'],
};
