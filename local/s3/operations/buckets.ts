import { requireOnBucket, type BucketCall, type Call, type Reply } from '../call';
import { accessDenied } from '../errors';
import { renderXml } from '../xml';

export function listBuckets(call: Call): Reply {
  if (!call.allows('s3:ListAllMyBuckets', '*')) throw accessDenied();
  const buckets = call.store
    .buckets()
    .map(bucket => ({ Name: bucket.name, CreationDate: bucket.createdAt.toISOString() }));
  const body = renderXml('ListAllMyBucketsResult', {
    Owner: { ID: call.accountId, DisplayName: call.accountId },
    Buckets: { Bucket: buckets },
  });
  return { status: 200, body };
}

export function headBucket(call: BucketCall): Reply {
  requireOnBucket(call, 's3:ListBucket');
  return { status: 200, headers: { 'x-amz-bucket-region': call.region } };
}

export function getBucketLocation(call: BucketCall): Reply {
  requireOnBucket(call, 's3:GetBucketLocation');
  // The oldest region has no name here.
  const region = call.region === 'us-east-1' ? '' : call.region;
  return { status: 200, body: renderXml('LocationConstraint', { '#text': region }) };
}

export function getBucketVersioning(call: BucketCall): Reply {
  requireOnBucket(call, 's3:GetBucketVersioning');
  const Status = call.bucket.options.versioned ? 'Enabled' : undefined;
  return { status: 200, body: renderXml('VersioningConfiguration', { Status }) };
}
