import type { ManifestUpload, VideoUpload } from '../core/pairing';
import type { TaskNote } from '../core/attempts';
import type { JobRequest } from '../core/control';
import { controlKey } from '../core/control';
import type { JobRecord, TerminalStatus } from '../core/job';
import type { Ticket } from '../core/order';
import type { OrderReport } from '../core/report';
import type { Receipt } from '../handlers/cloud';

/** What is really in an uploaded video. */
export interface Source {
  /** SHA-256 of what a right encode of it gives. */
  readonly resultSha256: string;
  readonly durationSeconds: number;
  /** Seconds that one task needs to encode it. */
  readonly encodeSeconds: number;
  readonly isCorrupt: boolean;
  /** How many chunks it was cut into, once it is. */
  chunks?: number;
}

/** A file that a worker stored, or a published copy of it. */
export interface StoredFile {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Everything that lies in the three buckets, with S3's consistency: what is written is read from then on. */
export class Storage {
  readonly videos = new Map<string, VideoUpload>();
  readonly manifests = new Map<string, ManifestUpload & { readonly text: string }>();
  /** By version id. */
  readonly sources = new Map<string, Source>();
  readonly presets = new Map<string, string>();
  readonly records = new Map<string, { readonly job: JobRecord; readonly version: number }>();
  readonly open = new Set<string>();
  readonly waiting = new Set<string>();
  readonly receipts = new Map<string, Receipt>();
  readonly notes = new Map<string, TaskNote>();
  /** By `<job id>/<order id>`. */
  readonly tickets = new Map<string, Ticket>();
  /** By `<job id>/<order id>`: what workers stored of the end of their orders. */
  readonly results = new Map<string, OrderReport>();
  /** By job id, then by key: what workers stored. */
  readonly work = new Map<string, Map<string, StoredFile>>();
  /** By key: what users see, and the job that it is of. */
  readonly published = new Map<string, StoredFile & { readonly jobId: string }>();
  /** By video key, then by status: the job whose end the summary tells of. */
  readonly summaries = new Map<string, Map<TerminalStatus, string>>();
  /** By key: what users ask of jobs. */
  readonly requests = new Map<string, JobRequest>();
  reconciledAt: Date | undefined;

  ask(request: JobRequest): void {
    this.requests.set(controlKey(request), request);
  }

  summariesOf(videoKey: string): { status: TerminalStatus; jobId: string; etag: string }[] {
    const all = this.summaries.get(videoKey) ?? new Map<TerminalStatus, string>();
    return [...all].map(([status, jobId]) => ({ status, jobId, etag: jobId }));
  }

  /** What a worker stored under a key, whatever job it is of. */
  workFile(key: string): StoredFile | undefined {
    const [, jobId = ''] = key.split('/');
    return this.work.get(jobId)?.get(key);
  }

  storeWork(jobId: string, key: string, file: StoredFile): void {
    const files = this.work.get(jobId) ?? new Map<string, StoredFile>();
    files.set(key, file);
    this.work.set(jobId, files);
  }
}
