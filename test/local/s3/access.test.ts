import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { AccessRequest } from '../../../local/types';
import { ROLE_KEY, startServer, type TestServer } from './server';

let server: TestServer;
let root: S3Client;
let role: S3Client;
let asked: AccessRequest[] = [];
let may: (request: AccessRequest) => boolean = () => false;

beforeAll(async () => {
  server = await startServer({
    roleMay: request => {
      asked.push(request);
      return may(request);
    },
  });
  root = server.client();
  role = server.client(ROLE_KEY);
  await root.send(new PutObjectCommand({ Bucket: 'plain', Key: 'k', Body: 'x' }));
});
beforeEach(() => {
  asked = [];
  may = () => false;
});
afterAll(() => server.destroy());

const Bucket = 'plain';
const object = { Bucket, Key: 'k' };
const OBJECT_ARN = 'arn:aws:s3:::plain/k';
const BUCKET_ARN = 'arn:aws:s3:::plain';
const UploadId = 'u';
const VersionId = 'null';

describe('what is asked of the policies', () => {
  const questions: [string, (client: S3Client) => Promise<unknown>, string, string][] = [
    ['GetObject', c => c.send(new GetObjectCommand(object)), 's3:GetObject', OBJECT_ARN],
    [
      'GetObject of a version',
      c => c.send(new GetObjectCommand({ ...object, VersionId })),
      's3:GetObjectVersion',
      OBJECT_ARN,
    ],
    ['HeadObject', c => c.send(new HeadObjectCommand(object)), 's3:GetObject', OBJECT_ARN],
    ['GetObjectTagging', c => c.send(new GetObjectTaggingCommand(object)), 's3:GetObjectTagging', OBJECT_ARN],
    ['PutObject', c => c.send(new PutObjectCommand({ ...object, Body: 'x' })), 's3:PutObject', OBJECT_ARN],
    [
      'CopyObject',
      c => c.send(new CopyObjectCommand({ ...object, CopySource: 'plain/k' })),
      's3:PutObject',
      OBJECT_ARN,
    ],
    ['DeleteObject', c => c.send(new DeleteObjectCommand(object)), 's3:DeleteObject', OBJECT_ARN],
    [
      'DeleteObject of a version',
      c => c.send(new DeleteObjectCommand({ ...object, VersionId })),
      's3:DeleteObjectVersion',
      OBJECT_ARN,
    ],
    [
      'CreateMultipartUpload',
      c => c.send(new CreateMultipartUploadCommand(object)),
      's3:PutObject',
      OBJECT_ARN,
    ],
    [
      'UploadPart',
      c => c.send(new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body: 'x' })),
      's3:PutObject',
      OBJECT_ARN,
    ],
    [
      'CompleteMultipartUpload',
      c =>
        c.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts: [] } })),
      's3:PutObject',
      OBJECT_ARN,
    ],
    [
      'AbortMultipartUpload',
      c => c.send(new AbortMultipartUploadCommand({ ...object, UploadId })),
      's3:AbortMultipartUpload',
      OBJECT_ARN,
    ],
    [
      'ListParts',
      c => c.send(new ListPartsCommand({ ...object, UploadId })),
      's3:ListMultipartUploadParts',
      OBJECT_ARN,
    ],
    [
      'ListMultipartUploads',
      c => c.send(new ListMultipartUploadsCommand({ Bucket })),
      's3:ListBucketMultipartUploads',
      BUCKET_ARN,
    ],
    ['ListObjectsV2', c => c.send(new ListObjectsV2Command({ Bucket })), 's3:ListBucket', BUCKET_ARN],
    ['ListObjects', c => c.send(new ListObjectsCommand({ Bucket })), 's3:ListBucket', BUCKET_ARN],
    [
      'ListObjectVersions',
      c => c.send(new ListObjectVersionsCommand({ Bucket })),
      's3:ListBucketVersions',
      BUCKET_ARN,
    ],
    ['HeadBucket', c => c.send(new HeadBucketCommand({ Bucket })), 's3:ListBucket', BUCKET_ARN],
    [
      'GetBucketLocation',
      c => c.send(new GetBucketLocationCommand({ Bucket })),
      's3:GetBucketLocation',
      BUCKET_ARN,
    ],
    [
      'GetBucketVersioning',
      c => c.send(new GetBucketVersioningCommand({ Bucket })),
      's3:GetBucketVersioning',
      BUCKET_ARN,
    ],
    ['ListBuckets', c => c.send(new ListBucketsCommand({})), 's3:ListAllMyBuckets', '*'],
  ];

  it.each(questions)('for %s', async (_name, ...[send, action, resource]) => {
    await expect(send(role)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });

    expect(asked).toMatchObject([{ principal: ROLE_KEY.principal, action, resource }]);
  });

  it('names the prefix of a listing', async () => {
    may = request => request.context?.['s3:prefix'] === 'k';
    await role.send(new ListObjectsV2Command({ Bucket, Prefix: 'k' }));

    await expect(role.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('covers the source of a copy', async () => {
    may = request => request.action === 's3:PutObject';
    await expect(
      role.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: 'plain/k' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });

    expect(asked.at(-1)).toMatchObject({ action: 's3:GetObject', resource: OBJECT_ARN });
  });

  it('covers each key of DeleteObjects', async () => {
    may = request => request.resource.endsWith('/mine');
    const { Deleted, Errors } = await role.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'mine' }, { Key: 'k' }] } }),
    );

    expect(Deleted).toMatchObject([{ Key: 'mine' }]);
    expect(Errors).toMatchObject([{ Key: 'k', Code: 'AccessDenied' }]);
    await expect(root.send(new HeadObjectCommand(object))).resolves.toBeDefined();
  });

  it('covers presigned URLs and forms, against the key that signed', async () => {
    const url = await getSignedUrl(role, new GetObjectCommand(object));
    const form = await createPresignedPost(role, { Bucket, Key: 'form' });
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append('file', new Blob(['x']), 'f');

    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(form.url, { method: 'POST', body })).status).toBe(403);
    may = () => true;
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(form.url, { method: 'POST', body })).status).toBe(204);
    expect(asked.map(question => question.action)).toEqual([
      's3:GetObject',
      's3:PutObject',
      's3:GetObject',
      's3:PutObject',
    ]);
  });
});

describe('a missing object', () => {
  it('is AccessDenied for who may not list, and NoSuchKey for who may', async () => {
    const get = () => role.send(new GetObjectCommand({ Bucket, Key: 'missing' }));
    may = request => request.action === 's3:GetObject';
    await expect(get()).rejects.toMatchObject({ name: 'AccessDenied' });

    may = () => true;
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a request without a signature', () => {
  it('is AccessDenied, in a document that names the resource', async () => {
    const response = await fetch(`${server.endpoint}/plain/k`);
    const text = await response.text();

    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('application/xml');
    expect(text).toContain('<Code>AccessDenied</Code>');
    expect(text).toContain('<Resource>/plain/k</Resource>');
    expect(text).toContain(`<RequestId>${response.headers.get('x-amz-request-id')}</RequestId>`);
  });

  it('has no body where it asks for none', async () => {
    const response = await fetch(`${server.endpoint}/plain/k`, { method: 'HEAD' });

    expect(response.status).toBe(403);
    expect(await response.text()).toBe('');
  });
});

describe('what S3 has and this has not', () => {
  it('is NotImplemented', async () => {
    await expect(root.send(new GetBucketAclCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });
});
