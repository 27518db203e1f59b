import type { JobInput, JobRecord, OrderState } from './job';
import type { OrderInput } from './order';

/** An input with the place where it lies. */
export interface LocatedInput {
  readonly input: OrderInput;
  readonly location: {
    readonly bucket: 'inbox' | 'state' | 'outbox';
    readonly key: string;
    /** Version that is meant, where the bucket keeps several. */
    readonly versionId?: string;
  };
}

/** What an order takes beside the source. */
export function inputsOf(job: JobRecord, { work }: OrderState): LocatedInput[] {
  const further = (job.inputs ?? []).map(located);
  if (work.kind === 'add-captions') {
    const ids = [
      ...work.captionIds,
      ...work.published.map(({ inputId }) => inputId),
      ...work.ladders.flatMap(({ masterId, manifestId, listId }) => [masterId, manifestId, listId]),
    ];
    return further.filter(({ input }) => ids.includes(input.id));
  }
  if (work.kind !== 'assemble') return further;
  const parts = job.orders.flatMap(({ orderId, results }) =>
    (results ?? [])
      .filter(({ isPart }) => isPart === true)
      .map(({ fileName, key, sizeBytes, sha256 }) => ({
        input: { id: `${orderId}/${fileName}`, fileName, sizeBytes, sha256 },
        location: { bucket: 'state' as const, key },
      })),
  );
  return [...further, ...parts];
}

function located({ id, bucket, key, versionId, etag, sha256, sizeBytes, use }: JobInput): LocatedInput {
  return {
    input: {
      ...{ id, fileName: key.split('/').at(-1) ?? key, sizeBytes, use },
      ...(etag === undefined ? {} : { etag }),
      ...(sha256 === undefined ? {} : { sha256 }),
    },
    location: { bucket, key, ...(versionId === undefined ? {} : { versionId }) },
  };
}
