import { sequencer, type StoredVersion } from './stored-version';

export type ObjectCreated =
  'ObjectCreated:Put' | 'ObjectCreated:Post' | 'ObjectCreated:Copy' | 'ObjectCreated:CompleteMultipartUpload';

/** One record of an S3 event notification: `Records[0]` of the message that AWS sends. */
export interface S3EventRecord {
  eventVersion: string;
  eventSource: 'aws:s3';
  awsRegion: string;
  /** ISO 8601 with milliseconds. */
  eventTime: string;
  eventName: ObjectCreated;
  userIdentity: { principalId: string };
  requestParameters: { sourceIPAddress: string };
  responseElements: { 'x-amz-request-id': string; 'x-amz-id-2': string };
  s3: {
    s3SchemaVersion: string;
    configurationId: string;
    bucket: { name: string; ownerIdentity: { principalId: string }; arn: string };
    object: {
      /** Percent-encoded, with `+` for a space and `/` as it is. */
      key: string;
      size: number;
      eTag: string;
      /** Absent where the bucket keeps no versions. */
      versionId?: string;
      /** Hexadecimal; of two events of one key, the later has the greater one. */
      sequencer: string;
    };
  };
}

/** Who made an object, and by which call. */
export interface Creation {
  eventName: ObjectCreated;
  principalArn: string;
  sourceIp: string;
  requestId: string;
}

export function eventRecord(input: {
  creation: Creation;
  version: StoredVersion;
  bucket: string;
  region: string;
  accountId: string;
}): S3EventRecord {
  const { creation, version, bucket } = input;
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: input.region,
    eventTime: version.lastModified,
    eventName: creation.eventName,
    userIdentity: { principalId: `AWS:${creation.principalArn}` },
    requestParameters: { sourceIPAddress: creation.sourceIp },
    responseElements: { 'x-amz-request-id': creation.requestId, 'x-amz-id-2': creation.requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'object-created',
      bucket: {
        name: bucket,
        ownerIdentity: { principalId: input.accountId },
        arn: `arn:aws:s3:::${bucket}`,
      },
      object: {
        key: encodeEventKey(version.key),
        size: version.sizeBytes,
        eTag: version.etag,
        ...(version.versionId === 'null' ? {} : { versionId: version.versionId }),
        sequencer: sequencer(version.sequence),
      },
    },
  };
}

/** AWS's encoding of keys in notifications: that of a form, but with slashes left alone. */
export function encodeEventKey(key: string): string {
  return new URLSearchParams([['', key]]).toString().slice(1).replaceAll('%2F', '/');
}
