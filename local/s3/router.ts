import type { BucketCall, Call, ObjectCall, Reply } from './call';
import { S3Error } from './errors';
import { getBucketLocation, getBucketVersioning, headBucket, listBuckets } from './operations/buckets';
import { completeMultipartUpload } from './operations/complete-upload';
import { copyObject } from './operations/copy-object';
import { deleteObject, deleteObjects } from './operations/delete-object';
import { getObject, getObjectTagging } from './operations/get-object';
import { listObjectsV1, listObjectsV2 } from './operations/list-objects';
import { listObjectVersions } from './operations/list-versions';
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
} from './operations/multipart';
import { putObject } from './operations/put-object';
import { uploadPart, uploadPartCopy } from './operations/upload-part';

type Operation<C extends Call> = (call: C) => Reply | Promise<Reply>;

/** By method and, behind `?`, the query parameter that names a sub-resource. */
const BUCKET_OPERATIONS: Readonly<Record<string, Operation<BucketCall>>> = {
  HEAD: headBucket,
  GET: listObjectsV1,
  'GET?list-type': listObjectsV2,
  'GET?location': getBucketLocation,
  'GET?versioning': getBucketVersioning,
  'GET?versions': listObjectVersions,
  'GET?uploads': listMultipartUploads,
  'POST?delete': deleteObjects,
};

const OBJECT_OPERATIONS: Readonly<Record<string, Operation<ObjectCall>>> = {
  HEAD: getObject,
  GET: getObject,
  'GET?tagging': getObjectTagging,
  'GET?uploadId': listParts,
  PUT: call => (isCopy(call) ? copyObject(call) : putObject(call)),
  'PUT?uploadId': call => (isCopy(call) ? uploadPartCopy(call) : uploadPart(call)),
  DELETE: deleteObject,
  'DELETE?uploadId': abortMultipartUpload,
  'POST?uploads': createMultipartUpload,
  'POST?uploadId': completeMultipartUpload,
};

/** Parameters that make a request one about something else than the object or the listing itself. */
const SUB_RESOURCES = [
  'list-type',
  'location',
  'versioning',
  'versions',
  'uploads',
  'uploadId',
  'delete',
  'tagging',
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'torrent',
  'website',
];

/** Does what a request asks for; `NotImplemented` for the parts of S3 that are not here. */
export async function route(call: Call, address: { bucket?: string; key?: string }): Promise<Reply> {
  const method = call.request.method ?? 'GET';
  const name = SUB_RESOURCES.find(parameter => call.query.has(parameter));
  const operation = name === undefined ? method : `${method}?${name}`;
  if (address.bucket === undefined) {
    if (operation === 'GET') return listBuckets(call);
    throw notImplemented(operation);
  }
  const bucketCall = { ...call, bucket: call.store.bucket(address.bucket) };
  if (address.key === undefined) {
    const run = BUCKET_OPERATIONS[operation];
    if (!run) throw notImplemented(operation);
    return run(bucketCall);
  }
  const run = OBJECT_OPERATIONS[operation];
  if (!run) throw notImplemented(operation);
  return run({ ...bucketCall, key: address.key });
}

function isCopy(call: Call): boolean {
  return call.headers['x-amz-copy-source'] !== undefined;
}

function notImplemented(operation: string): S3Error {
  return new S3Error(
    'NotImplemented',
    `A request that you made implies functionality that is not here: ${operation}`,
  );
}
