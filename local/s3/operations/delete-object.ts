import { checkKey } from '../address';
import { bucketArn, objectArn, requireOnObject, type BucketCall, type ObjectCall, type Reply } from '../call';
import { etagMatches } from '../conditions';
import { preconditionFailed } from '../errors';
import { readDocument } from '../request-body';
import { childrenOf, malformedXml, parseXml, renderXml, textOf, type XmlValue } from '../xml';

const MAX_KEYS = 1000;

export function deleteObject(call: ObjectCall): Reply {
  const versionId = call.query.get('versionId') ?? undefined;
  requireOnObject(call, deleteAction(versionId));
  const { bucket, key } = call;
  const ifMatch = call.headers['if-match'];
  const current = bucket.index.current(key);
  if (ifMatch !== undefined && current && !etagMatches(ifMatch, current.etag)) {
    throw preconditionFailed('If-Match');
  }
  if (versionId === undefined) {
    const marker = bucket.delete(key);
    if (!marker) return { status: 204 };
    return {
      status: 204,
      headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId },
    };
  }
  const removed = bucket.deleteVersion(key, versionId);
  return {
    status: 204,
    headers: {
      'x-amz-version-id': versionId,
      ...(removed?.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
    },
  };
}

/** DeleteObjects: each key is allowed, and answered, on its own. */
export async function deleteObjects(call: BucketCall): Promise<Reply> {
  const root = parseXml(await readDocument(call), 'Delete');
  const wanted = childrenOf(root, 'Object').map(child => {
    const key = textOf(child, 'Key');
    if (key === undefined || key === '') throw malformedXml('Each Object must have a Key.');
    checkKey(key);
    return { key, versionId: textOf(child, 'VersionId') };
  });
  if (wanted.length === 0 || wanted.length > MAX_KEYS) {
    throw malformedXml(`Delete must name 1 to ${MAX_KEYS} objects, not ${wanted.length}.`);
  }
  const results = wanted.map(item => deleteOne(call, item));
  const quiet = textOf(root, 'Quiet') === 'true';
  const body = renderXml('DeleteResult', {
    Deleted: quiet ? [] : results.flatMap(result => result.deleted ?? []),
    Error: results.flatMap(result => result.error ?? []),
  });
  return { status: 200, body };
}

function deleteOne(
  call: BucketCall,
  item: { key: string; versionId?: string },
): { deleted?: XmlValue; error?: XmlValue } {
  const { key, versionId } = item;
  const answer = { Key: key, VersionId: versionId };
  const action = deleteAction(versionId);
  if (!call.allows(action, objectArn(call.bucket.name, key))) {
    const Message = `${call.signed.key.principal.arn} is not authorized to perform: ${action} on ${bucketArn(call.bucket.name)}`;
    return { error: { ...answer, Code: 'AccessDenied', Message } };
  }
  if (versionId === undefined) {
    const marker = call.bucket.delete(key);
    if (!marker) return { deleted: answer };
    return { deleted: { ...answer, DeleteMarker: true, DeleteMarkerVersionId: marker.versionId } };
  }
  const removed = call.bucket.deleteVersion(key, versionId);
  if (!removed?.deleteMarker) return { deleted: answer };
  return { deleted: { ...answer, DeleteMarker: true, DeleteMarkerVersionId: versionId } };
}

function deleteAction(versionId: string | undefined): string {
  return versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
}
