import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { verifyPolicySignature, verifySignature, type Signed } from '../../local/sigv4';
import type { AccessKey } from '../../local/types';

const NOW = new Date('2026-11-24T12:00:00Z');
const KEY: AccessKey = {
  accessKeyId: 'AKIAKEY',
  secretAccessKey: 'secret',
  principal: { kind: 'root', arn: 'arn:aws:iam::123456789012:root' },
};
const ROLE: AccessKey = {
  accessKeyId: 'ASIAROLE',
  secretAccessKey: 'role-secret',
  sessionToken: 'token/with+odd=characters',
  expiresAt: new Date('2026-11-24T13:00:00Z'),
  principal: { kind: 'role', arn: 'arn:aws:iam::123456789012:role/worker' },
};
const keyring = { find: (id: string) => [KEY, ROLE].find(key => key.accessKeyId === id) };

interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
}

function signer(key: AccessKey, service: string): SignatureV4 {
  return new SignatureV4({
    service,
    region: 'eu-west-1',
    credentials: key,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
  });
}

function sent(request: {
  method: string;
  path: string;
  query?: object;
  headers: Record<string, string>;
}): Sent {
  const query = new URLSearchParams(request.query as Record<string, string>).toString();
  const { method, path, headers } = request;
  return { method, url: query ? `${path}?${query}` : path, headers };
}

async function signHeaders(
  input: { key?: AccessKey; service?: string; body?: string; at?: Date } = {},
): Promise<Sent> {
  const { key = KEY, service = 's3', body = '', at = NOW } = input;
  const request = new HttpRequest({
    method: 'PUT',
    path: service === 's3' ? '/bucket/a%20b/%C3%A9' : '/',
    query: service === 's3' ? { list: 'a b+c', empty: '' } : {},
    headers: { host: '127.0.0.1:4566', 'content-type': 'text/plain' },
    body,
  });
  return sent(await signer(key, service).sign(request, { signingDate: at }));
}

async function presign(input: { key?: AccessKey; expiresIn?: number; at?: Date } = {}): Promise<Sent> {
  const { key = KEY, expiresIn = 600, at = NOW } = input;
  const request = new HttpRequest({
    method: 'GET',
    path: '/bucket/k',
    query: { versionId: '1' },
    headers: { host: '127.0.0.1:4566', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  });
  const options = { signingDate: at, expiresIn, unhoistableHeaders: new Set<string>() };
  return sent(await signer(key, 's3').presign(request, options));
}

function verify(request: Sent, more: { now?: Date; body?: Buffer } = {}): Promise<Signed> {
  return verifySignature({
    request: request as Sent & IncomingMessage,
    keyring,
    now: more.now ?? NOW,
    body: more.body,
  });
}

function later(seconds: number, than = NOW): Date {
  return new Date(than.getTime() + 1000 * seconds);
}

describe('the examples of the S3 reference', () => {
  const example: AccessKey = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    principal: KEY.principal,
  };
  const host = 'examplebucket.s3.amazonaws.com';
  const empty = createHash('sha256').digest('hex');
  const credential = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
  const requests: [string, Sent][] = [
    [
      'a GET of a range',
      {
        method: 'GET',
        url: '/test.txt',
        headers: {
          host,
          range: 'bytes=0-9',
          'x-amz-content-sha256': empty,
          'x-amz-date': '20130524T000000Z',
          authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`,
        },
      },
    ],
    [
      'a PUT that signs its Date',
      {
        method: 'PUT',
        url: '/test$file.text',
        headers: {
          host,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
          'x-amz-date': '20130524T000000Z',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
          authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd`,
        },
      },
    ],
    [
      'a presigned GET',
      {
        method: 'GET',
        url: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
        headers: { host },
      },
    ],
  ];

  it.each(requests)('hold: %s', async (_name, request) => {
    const signed = await verifySignature({
      request: request as Sent & IncomingMessage,
      keyring: { find: () => example },
      now: new Date('2013-05-24T00:05:00Z'),
    });

    expect(signed).toMatchObject({ kind: 'signed', key: example, region: 'us-east-1' });
  });
});

describe('a signature in the headers', () => {
  it('holds, and tells its key, scope and payload', async () => {
    expect(await verify(await signHeaders())).toEqual({
      kind: 'signed',
      key: KEY,
      service: 's3',
      region: 'eu-west-1',
      payloadHash: createHash('sha256').digest('hex'),
      presigned: false,
    });
  });

  it('holds however the client escapes the path', async () => {
    const request = await signHeaders();

    expect(
      await verify({
        ...request,
        url: request.url.replace('%C3%A9', '%c3%a9').replace('bucket', 'b%75cket'),
      }),
    ).toMatchObject({
      kind: 'signed',
    });
  });

  it('does not hold where anything that was signed has changed', async () => {
    const request = await signHeaders();
    const { headers } = request;
    const changed: Sent[] = [
      { ...request, method: 'GET' },
      { ...request, url: request.url.replace('a%20b', 'a%20c') },
      { ...request, url: `${request.url}&more=1` },
      { ...request, headers: { ...headers, host: 'elsewhere' } },
      { ...request, headers: { ...headers, 'content-type': 'text/html' } },
      { ...request, headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
      {
        ...request,
        headers: { ...headers, authorization: headers['authorization']?.replace(/.$/, '!') ?? '' },
      },
    ];

    for (const request of changed) {
      expect(await verify(request)).toMatchObject({ kind: 'refused', code: 'SignatureDoesNotMatch' });
    }
  });

  it('must cover every x-amz- header', async () => {
    const request = await signHeaders();
    const headers = { ...request.headers, 'x-amz-acl': 'public-read' };

    expect(await verify({ ...request, headers })).toMatchObject({ kind: 'refused', code: 'AccessDenied' });
  });

  it('is good for a quarter of an hour to either side', async () => {
    const request = await signHeaders();

    for (const seconds of [-900, 900]) {
      expect(await verify(request, { now: later(seconds) })).toMatchObject({ kind: 'signed' });
    }
    for (const seconds of [-901, 901]) {
      expect(await verify(request, { now: later(seconds) })).toMatchObject({
        kind: 'refused',
        code: 'RequestTimeTooSkewed',
      });
    }
  });

  it('covers the body of services other than S3', async () => {
    const request = await signHeaders({ service: 'sqs', body: '{"a":1}' });

    expect(await verify(request, { body: Buffer.from('{"a":1}') })).toMatchObject({
      kind: 'signed',
      service: 'sqs',
    });
    expect(await verify(request, { body: Buffer.from('{"a":2}') })).toMatchObject({
      kind: 'refused',
      code: 'SignatureDoesNotMatch',
    });
  });

  it('covers the body where the client sends no header with its hash', async () => {
    const request = new HttpRequest({ method: 'POST', path: '/', headers: { host: 'h' }, body: 'body' });
    const bare = new SignatureV4({
      service: 'ecs',
      region: 'eu-west-1',
      credentials: KEY,
      sha256: Sha256,
      applyChecksum: false,
    });
    const signed = sent(await bare.sign(request, { signingDate: NOW }));

    expect(signed.headers['x-amz-content-sha256']).toBeUndefined();
    expect(await verify(signed, { body: Buffer.from('body') })).toMatchObject({ kind: 'signed' });
    expect(await verify(signed, { body: Buffer.from('else') })).toMatchObject({ kind: 'refused' });
  });

  it('that can not be read is refused by name', async () => {
    const request = await signHeaders();
    const withAuthorization = (authorization: string): Sent => ({
      ...request,
      headers: { ...request.headers, authorization },
    });

    expect(await verify(withAuthorization('AWS4-HMAC-SHA256 nonsense'))).toMatchObject({
      code: 'AuthorizationHeaderMalformed',
    });
    expect(await verify(withAuthorization('AWS AKIAKEY:c2lnbmF0dXJl'))).toMatchObject({
      code: 'InvalidRequest',
    });
  });
});

describe('a key', () => {
  it('must be known', async () => {
    const stranger = { ...KEY, accessKeyId: 'AKIASTRANGER' };

    expect(await verify(await signHeaders({ key: stranger }))).toMatchObject({ code: 'InvalidAccessKeyId' });
  });

  it('must come with its session token, and no other', async () => {
    const wrong = { ...ROLE, sessionToken: 'another' };
    const none = { ...ROLE, sessionToken: undefined };

    expect(await verify(await signHeaders({ key: ROLE }))).toMatchObject({ kind: 'signed' });
    expect(await verify(await presign({ key: ROLE }))).toMatchObject({ kind: 'signed' });
    for (const key of [wrong, none]) {
      expect(await verify(await signHeaders({ key }))).toMatchObject({ code: 'InvalidToken' });
      expect(await verify(await presign({ key }))).toMatchObject({ code: 'InvalidToken' });
    }
  });

  it('signs nothing from the moment it expires, and its URLs die with it', async () => {
    const end = ROLE.expiresAt ?? NOW;
    const at = later(-60, end);

    expect(await verify(await presign({ key: ROLE, at }), { now: later(-1, end) })).toMatchObject({
      kind: 'signed',
    });
    expect(await verify(await presign({ key: ROLE, at }), { now: end })).toMatchObject({
      code: 'ExpiredToken',
    });
    expect(await verify(await signHeaders({ key: ROLE, at }), { now: end })).toMatchObject({
      code: 'ExpiredToken',
    });
  });
});

describe('a presigned URL', () => {
  it('holds until it expires', async () => {
    const url = await presign({ expiresIn: 600 });

    expect(await verify(url, { now: later(599) })).toMatchObject({
      kind: 'signed',
      presigned: true,
      payloadHash: 'UNSIGNED-PAYLOAD',
    });
    expect(await verify(url, { now: later(600) })).toMatchObject({
      kind: 'refused',
      code: 'AccessDenied',
      message: 'Request has expired',
    });
  });

  it('is not yet good long before it was signed', async () => {
    expect(await verify(await presign(), { now: later(-901) })).toMatchObject({ code: 'AccessDenied' });
  });

  it('does not hold where it was changed', async () => {
    const request = await presign();
    const changes = [
      ['versionId=1', 'versionId=2'],
      ['X-Amz-Expires=600', 'X-Amz-Expires=6000'],
      ['/bucket/k', '/bucket/l'],
    ] as const;

    for (const [from, to] of changes) {
      expect(request.url).toContain(from);
      expect(await verify({ ...request, url: request.url.replace(from, to) })).toMatchObject({
        code: 'SignatureDoesNotMatch',
      });
    }
  });

  it.each([
    ['X-Amz-Expires=600', 'X-Amz-Expires=604801'],
    ['X-Amz-Expires=600', 'X-Amz-Expires=-1'],
    ['X-Amz-Expires=600', ''],
    ['X-Amz-Algorithm=AWS4-HMAC-SHA256', 'X-Amz-Algorithm=none'],
    ['20261124%2Feu', '20261123%2Feu'],
  ])('with %s as %s is refused by name', async (from, to) => {
    const request = await presign();
    expect(request.url).toContain(from);

    expect(await verify({ ...request, url: request.url.replace(from, to) })).toMatchObject({
      code: 'AuthorizationQueryParametersError',
    });
  });

  it('can not be used with a signed header at once', async () => {
    const { headers } = await signHeaders();
    const url = await presign();

    expect(
      await verify({ ...url, headers: { ...url.headers, authorization: headers['authorization'] ?? '' } }),
    ).toMatchObject({
      code: 'InvalidArgument',
    });
  });

  it('of signature version 2 is told which one to use', async () => {
    const url = '/bucket/k?AWSAccessKeyId=AKIAKEY&Signature=x&Expires=1';

    expect(await verify({ method: 'GET', url, headers: { host: 'h' } })).toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining('AWS4-HMAC-SHA256') as string,
    });
  });
});

describe('a request without a signature', () => {
  it('is unsigned', async () => {
    expect(await verify({ method: 'GET', url: '/bucket/k?versionId=1', headers: { host: 'h' } })).toEqual({
      kind: 'unsigned',
    });
  });
});

describe('a policy of a form', () => {
  const policy = Buffer.from('{"conditions":[]}').toString('base64');

  async function fieldsOf(key: AccessKey): Promise<Map<string, string>> {
    const signature = await signer(key, 's3').sign(policy, { signingDate: NOW });
    const fields: [string, string][] = [
      ['policy', policy],
      ['x-amz-credential', `${key.accessKeyId}/20261124/eu-west-1/s3/aws4_request`],
      ['x-amz-date', '20261124T120000Z'],
      ['x-amz-signature', signature],
      ...(key.sessionToken ? ([['x-amz-security-token', key.sessionToken]] as [string, string][]) : []),
    ];
    return new Map(fields);
  }

  it('holds as it was signed, and not when it was changed', async () => {
    const fields = await fieldsOf(ROLE);
    const verifyFields = (fields: Map<string, string>) =>
      verifyPolicySignature({ fields, keyring, now: NOW });

    expect(await verifyFields(fields)).toMatchObject({ kind: 'signed', key: ROLE });
    expect(await verifyFields(new Map(fields).set('policy', 'e30='))).toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    expect(await verifyFields(new Map(fields).set('x-amz-security-token', 'x'))).toMatchObject({
      code: 'InvalidToken',
    });
    expect(await verifyFields(new Map([['policy', policy]]))).toMatchObject({ code: 'InvalidArgument' });
    expect(await verifyFields(new Map())).toEqual({ kind: 'unsigned' });
  });
});
