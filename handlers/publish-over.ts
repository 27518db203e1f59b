/** What lies where something is to be published. */
export interface Standing {
  readonly etag: string;
  /** Job that put it there; undefined when nobody knows. */
  readonly jobId: string | undefined;
}

/** What must be so for a write to take effect. */
export type Condition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string };

export interface PublishPlace<Written> {
  /** Whether a write that comes to nothing costs much, so that it is better to look first. Default: try, then look. */
  readonly isCostly?: boolean;
  /** Undefined when the condition does not hold. */
  write(condition: Condition): Promise<Written | undefined>;
  look(): Promise<
    (Standing & { /** When it is what would be written. */ readonly written?: Written }) | undefined
  >;
}

export type PublishedOver<Written> =
  | { readonly kind: 'written'; readonly value: Written }
  /** It holds what a later job has published, and goes on to do so. */
  | { readonly kind: 'superseded'; readonly byJobId: string };

/** Writers of one key at a time are few; more conflicts than this mean that something else is wrong. */
const MAX_CONFLICTS = 20;

/**
 * Publishes over whatever an earlier job left there, and over nothing of a later one, whoever else does the same at
 * this moment: ids sort by the time of the upload. What this job has published already stays as it is, so that a call
 * that died can be repeated.
 */
export async function publishOver<Written>(
  jobId: string,
  place: PublishPlace<Written>,
): Promise<PublishedOver<Written>> {
  let standing = place.isCostly === true ? await place.look() : undefined;
  for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts += 1) {
    if (standing?.jobId !== undefined && standing.jobId > jobId)
      return { kind: 'superseded', byJobId: standing.jobId };
    if (standing?.jobId === jobId && standing.written !== undefined)
      return { kind: 'written', value: standing.written };
    const value = await place.write(
      standing === undefined ? { ifNoneMatch: '*' } : { ifMatch: standing.etag },
    );
    if (value !== undefined) return { kind: 'written', value };
    standing = await place.look();
  }
  throw new Error(`What job ${jobId} publishes was changed by others ${MAX_CONFLICTS} times in a row`);
}
