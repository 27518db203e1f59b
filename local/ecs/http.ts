import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { verifySignature } from '../sigv4';
import type { Principal } from '../types';
import { EcsError } from './errors';
import { Access, type Ecs } from './operation';
import { operations } from './operations';

const TARGET_PREFIX = 'AmazonEC2ContainerServiceV20141113.';
const MAX_BODY_BYTES = 1024 * 1024;

/** The names that services with a JSON protocol give to what S3 calls these. */
const SIGNATURE_ERRORS = new Map([
  ['InvalidAccessKeyId', 'UnrecognizedClientException'],
  ['ExpiredToken', 'ExpiredTokenException'],
  ['InvalidToken', 'UnrecognizedClientException'],
  ['SignatureDoesNotMatch', 'InvalidSignatureException'],
  ['RequestTimeTooSkewed', 'InvalidSignatureException'],
]);

/** Answers one request of the AWS JSON 1.1 protocol. */
export async function answer(ecs: Ecs, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request);
    const principal = await authenticate(ecs, request, body);
    const operation = operations.get(operationName(request));
    if (operation === undefined) throw new EcsError('UnknownOperationException', 'Unknown operation.');
    const access = new Access(principal, ecs.options.authorize);
    send(response, 200, await operation(ecs, { body: parseJson(body), access }));
  } catch (error) {
    sendError(response, error);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) {
      throw new EcsError('ClientException', `The request is larger than ${MAX_BODY_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function authenticate(ecs: Ecs, request: IncomingMessage, body: Buffer): Promise<Principal> {
  const { keyring } = ecs.options;
  const signature = await verifySignature({ request, keyring, now: ecs.now(), body });
  switch (signature.kind) {
    case 'unsigned':
      throw new EcsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
    case 'refused':
      throw new EcsError(SIGNATURE_ERRORS.get(signature.code) ?? signature.code, signature.message);
    case 'signed':
      if (signature.service !== 'ecs') {
        throw new EcsError(
          'InvalidSignatureException',
          `Credential should be scoped to correct service: 'ecs', not '${signature.service}'.`,
        );
      }
      return signature.key.principal;
  }
}

function operationName(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' && target.startsWith(TARGET_PREFIX)
    ? target.slice(TARGET_PREFIX.length)
    : '';
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new EcsError('SerializationException', 'The request body is not valid JSON.');
  }
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof EcsError) {
    response.setHeader('x-amzn-errortype', error.code);
    send(response, 400, { ...error.members, __type: error.code, message: error.message });
    return;
  }
  process.emitWarning(error instanceof Error ? error : String(error));
  response.setHeader('x-amzn-errortype', 'ServerException');
  send(response, 500, { __type: 'ServerException', message: 'Service Unavailable. Please try again later.' });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}
