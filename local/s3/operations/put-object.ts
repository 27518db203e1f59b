import { creationBy, requireOnObject, versionHeader, type ObjectCall, type Reply } from '../call';
import { checksumHeader, type Checksum } from '../checksums';
import { writeConditions } from '../conditions';
import { parseDescription } from '../description';
import { receiveBody } from '../request-body';

export async function putObject(call: ObjectCall): Promise<Reply> {
  requireOnObject(call, 's3:PutObject');
  const description = parseDescription(call.headers);
  if (description.tags) requireOnObject(call, 's3:PutObjectTagging');
  const conditions = writeConditions(call.headers);
  const conditional = conditions.ifMatch !== undefined || conditions.ifNoneMatch !== undefined;
  const guard = conditional ? call.bucket.guard(call.key) : undefined;
  try {
    const received = await receiveBody(call);
    try {
      const { segment, md5 } = received;
      const checksum = received.checksum && { ...received.checksum, type: 'FULL_OBJECT' as const };
      const version = call.bucket.commit({
        object: {
          key: call.key,
          ...description,
          sizeBytes: segment.sizeBytes,
          etag: md5,
          segments: [segment],
          checksum,
        },
        conditions,
        creation: creationBy(call, 'ObjectCreated:Put'),
        guard,
      });
      return {
        status: 200,
        headers: { ETag: `"${version.etag}"`, ...versionHeader(version), ...checksumHeaders(checksum) },
      };
    } finally {
      call.store.content.release([received.segment]);
    }
  } finally {
    if (guard) call.bucket.unguard(guard);
  }
}

/** The headers in which a checksum is given back. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}
