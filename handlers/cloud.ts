import type { InHand, TaskNote } from '../core/attempts';
import type { CleanUpNote } from '../core/clean-up';
import type { JobRequest } from '../core/control';
import type { FurtherUpload } from '../core/further-files';
import type { ManifestUpload, VideoUpload } from '../core/pairing';
import type { JobRecord, Launch, OrderState, TerminalStatus } from '../core/job';
import type { LaunchResult } from '../core/launch';
import type { Measurement } from '../core/metrics-of-change';
import type { CallResult, NetworkCall } from '../core/nat-network-calls';
import type { NetworkMessage } from '../core/nat-network-message';
import type { ObservedResource } from '../core/nat-network-observed';
import type { NetworkRecord } from '../core/nat-network-record';
import type { NetworkReceipt } from '../core/nat-network-stays';
import type { Order, OrderAccess, Ticket } from '../core/order';
import type { PublishResult } from '../core/completion';
import type { OrderReport, OutputFacts } from '../core/report';
import type { Settings } from '../core/settings';
import type { StackOutcome, StackRequest } from '../core/stack-request';
import type { TaskAddress } from '../core/status-url';
import type { TaskSight } from '../core/sweep';

/**
 * All that the handlers need of AWS, as a few nouns. `adapters/` speaks to AWS; the tests have it in memory.
 * What is not there is `undefined`, never an error; errors mean that AWS could not be asked and that a retry may help.
 */
export interface Cloud {
  readonly settings: Settings;
  readonly now: () => Date;
  readonly log: Log;
  readonly measure: (measurement: Measurement) => void;
  readonly source: Source;
  readonly inbox: Inbox;
  readonly presets: Presets;
  readonly jobs: Jobs;
  readonly orders: Orders;
  readonly work: WorkObjects;
  readonly outbox: Outbox;
  readonly tasks: Tasks;
  /** Where a task can be reached. Present in the stage that is told of a task first. */
  readonly taskAddress?: (taskArn: string) => Promise<TaskAddress>;
  /** Present in the sweep. */
  readonly leftovers?: Leftovers;
  /** Present where networks are made for jobs (perJobNat): no task can be started before there is one. */
  readonly networkRequests?: NetworkRequests;
}

/** What the network stage needs beside: it alone makes and removes networks. */
export interface NetworkCloud extends Cloud {
  readonly networkRequests: NetworkRequests;
  readonly networks: Networks;
  readonly ec2: NetworkEc2;
  /** Tells CloudFormation what came of what it asked. */
  readonly answerStack: (request: StackRequest, outcome: StackOutcome) => Promise<void>;
}

export interface NetworkRequests {
  /** Has the network stage see to something, now or after up to 900 seconds. */
  ask(message: NetworkMessage, delaySeconds?: number): Promise<void>;
}

export interface StoredNetwork {
  readonly record: NetworkRecord;
  readonly etag: string;
}

/** Records of networks, with markers that name those that are not gone. */
export interface Networks {
  /** Part of the ids of this deployment's networks: four characters. */
  readonly mark: string;
  read(networkId: string): Promise<StoredNetwork | undefined>;
  /** The one with the highest id. */
  newest(): Promise<StoredNetwork | undefined>;
  /** Undefined when a record of this id exists. */
  create(record: NetworkRecord): Promise<StoredNetwork | undefined>;
  /** Undefined when the record has changed since it was read. */
  replace(record: NetworkRecord, etag: string): Promise<StoredNetwork | undefined>;
  markOpen(networkId: string): Promise<void>;
  clearOpen(networkId: string): Promise<void>;
  open(): AsyncIterable<string>;
  /** From now on none is made, until it is reopened. */
  close(): Promise<void>;
  reopen(): Promise<void>;
  isClosed(): Promise<boolean>;
  /** What a network that is gone has cost each of its jobs. Safe to repeat. */
  addReceipts(receipts: readonly NetworkReceipt[]): Promise<void>;
}

export interface NetworkEc2 {
  /** Everything that bears the tag of this network, or of any network of this deployment. */
  observe(networkId?: string): Promise<readonly ObservedResource[]>;
  /** Makes one call. What is created is tagged with the record's network, part, job, user and expiry. */
  perform(record: NetworkRecord, call: NetworkCall): Promise<CallResult>;
}

/** Where a task is started when its network was made for jobs. */
export interface NetworkPlace {
  readonly networkId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** A task's expiry counts from here if it was asked for before: it may have waited for long. */
  readonly readyAt: Date;
}

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** The queue whose messages invoke this stage, if it has one. */
export interface Source {
  /** Has a message come again after that many seconds, whatever the queue's visibility timeout. */
  hide(receiptHandle: string, seconds: number): Promise<void>;
  /** The same for up to ten messages that are in hand. */
  hold(receiptHandles: readonly string[], seconds: number): Promise<void>;
}

export interface Inbox {
  readonly bucket: string;
  /** The newest version of what lies under a key, whatever it is. */
  video(key: string): Promise<VideoUpload | undefined>;
  manifest(videoKey: string): Promise<ManifestUpload | undefined>;
  manifestText(videoKey: string, versionId: string): Promise<string>;
  /** Keys that begin so, of whatever is there. */
  keys(prefix: string): AsyncIterable<string>;
  /** First bytes of a version of an upload. */
  head(key: string, options: { versionId: string; bytes: number }): Promise<Uint8Array>;
  /** Newest versions of all objects, in the order of their keys. */
  list(): AsyncIterable<{ readonly key: string; readonly versionId: string; readonly uploadedAt: Date }>;
}

export interface Presets {
  text(name: string): Promise<string | undefined>;
  names(): Promise<readonly string[]>;
  /** An image that lies beside the presets, with its first bytes. */
  file(key: string, headBytes: number): Promise<FurtherUpload | undefined>;
}

export interface StoredJob {
  readonly job: JobRecord;
  readonly etag: string;
}

/** Job records, with the markers that name the open ones, the uploads that wait, and receipts. */
export interface Jobs {
  read(jobId: string): Promise<StoredJob | undefined>;
  /** Undefined when a record of this id exists. */
  create(job: JobRecord): Promise<StoredJob | undefined>;
  /** Undefined when the record has changed since it was read. */
  replace(job: JobRecord, etag: string): Promise<StoredJob | undefined>;
  markOpen(jobId: string): Promise<void>;
  clearOpen(jobId: string): Promise<void>;
  open(): AsyncIterable<string>;
  /** Ids of all records whose id sorts at or after `jobIdTime`. */
  idsSince(jobIdTime: string): AsyncIterable<string>;
  markWaiting(videoKey: string): Promise<void>;
  clearWaiting(videoKey: string): Promise<void>;
  waiting(): AsyncIterable<string>;
  /** Notes that a video waits for another file. */
  markWanted(wanted: WantedFile): Promise<void>;
  clearWanted(wanted: WantedFile): Promise<void>;
  /** Keys of the videos that wait for a file. */
  wantedBy(fileKey: string): AsyncIterable<string>;
  /** False when the task's receipt is there already. */
  addReceipt(receipt: Receipt): Promise<boolean>;
  /** What users ask of jobs. */
  requests(): AsyncIterable<JobRequest>;
  clearRequest(request: JobRequest): Promise<void>;
  lastReconciledAt(): Promise<Date | undefined>;
  noteReconciled(at: Date): Promise<void>;
}

export interface WantedFile {
  readonly fileKey: string;
  readonly videoKey: string;
}

/** What one task was billed, kept below `receipts/<jobId>/`. */
export interface Receipt {
  readonly jobId: string;
  readonly taskArn: string;
  readonly capacityProvider: string;
  readonly billedSeconds: number;
  /** Fargate time and public address; Spot at its typical price. */
  readonly usd: number;
  /** Region whose prices were used. */
  readonly priceRegion: string;
  /** Present when the deployment's own region is not in the price table. */
  readonly pricesAssumed?: true;
  readonly stoppedAt: string;
  readonly stopCode?: string;
}

export interface Orders {
  /** @param options.ahead before all that are not */
  send(order: Order, options: { ahead: boolean }): Promise<void>;
  /** No message visible, in flight or delayed. */
  isEmpty(): Promise<boolean>;
  /**
   * Removes the orders of which it is said that they are stale, and shows the others again. Looks at a hundred at most
   * in each queue, and leaves what is no order.
   * @returns how many were removed
   */
  removeStale(isStale: (order: OrderReference) => Promise<boolean>): Promise<number>;
}

/** What tells one issue of an order from others. */
export type OrderReference = Pick<Order, 'jobId' | 'orderId' | 'generation'>;

/** The part of the state bucket that workers are given URLs for. */
export interface WorkObjects {
  /** Signs what a worker needs; begins the multipart uploads that large outputs may need and the order does not have yet. */
  grant(
    job: JobRecord,
    order: OrderState,
  ): Promise<{
    access: OrderAccess;
    multipart: OrderState['multipart'];
    /** Signed GETs of the order's inputs, for its ticket. */
    inputUrls: Ticket['inputUrls'];
  }>;
  writeTicket(options: { jobId: string; orderId: string; ticket: Ticket }): Promise<void>;
  /** Takes the ticket away: whoever has a message of the order steps back. */
  closeOrder(order: { jobId: string; orderId: string }): Promise<void>;
  /** The report with which a worker ended the order, as it lies beside the ticket. */
  result(order: { jobId: string; orderId: string }): Promise<OrderReport | undefined>;
  /** Which of these files is not stored as it is described, and in what way. */
  lacking(files: readonly OutputFacts[]): Promise<string | undefined>;
  /** Copies the results to the outbox, verified. Safe to repeat. */
  publish(job: JobRecord): Promise<PublishResult>;
  /**
   * Removes everything stored for the job, and for the one that it is a retry of, unfinished uploads included; of a
   * failed one the tickets only: it may be tried again from what is done.
   */
  clear(job: JobRecord): Promise<void>;
}

export interface UnfinishedUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly begunAt: Date;
}

/** What jobs that have ended, and workers that were late, left in the buckets. */
export interface Leftovers {
  /** How far the look for them has come. */
  note(): Promise<CleanUpNote | undefined>;
  keep(note: CleanUpNote): Promise<void>;
  /** Uploads in parts that were neither completed nor aborted, in the state bucket and the outbox. */
  uploads(): AsyncIterable<UnfinishedUpload>;
  abort(upload: UnfinishedUpload): Promise<void>;
  /** Ids of the jobs that something is stored for, in their order, behind this one. */
  jobsWithWork(after: string): AsyncIterable<string>;
  /** Removes what is stored for a job, so many objects at most. */
  removeWork(jobId: string, most: number): Promise<{ readonly objects: number; readonly bytes: number }>;
}

export interface Outbox {
  /** What users read of a video at this moment: mostly one summary. */
  summaries(videoKey: string): Promise<readonly StandingSummary[]>;
  /**
   * Writes the summary that a user reads of the end of a job.
   * @param overEtag of the one that lies there, which it takes the place of; undefined for none
   * @returns false when something else lies there
   */
  putSummary(job: JobRecord & { status: TerminalStatus }, overEtag: string | undefined): Promise<boolean>;
  /** Removes it unless it has changed. */
  removeSummary(videoKey: string, summary: StandingSummary): Promise<void>;
}

/** A summary in the outbox. */
export interface StandingSummary {
  readonly status: TerminalStatus;
  /** Job of whose end it tells. */
  readonly jobId: string;
  readonly etag: string;
}

export interface Tasks {
  /** Starts a task unless as many run as may, or says why none could be had. A repeated call finds the task of the first. */
  start(job: JobRecord, launch: Launch, place?: NetworkPlace): Promise<LaunchResult>;
  /** Whether as many tasks run as may. */
  isFull(): Promise<boolean>;
  stop(taskArn: string, reason: string): Promise<void>;
  see(taskArns: readonly string[]): Promise<ReadonlyMap<string, TaskSight>>;
  live(): AsyncIterable<Extract<TaskSight, { kind: 'live' }>>;
  /** Remembers what a task has in hand from now on; null: nothing. */
  note(taskArn: string, inHand: InHand | null): Promise<void>;
  noted(taskArn: string): Promise<TaskNote | undefined>;
  /** The task is no more. */
  forget(taskArn: string): Promise<void>;
}
