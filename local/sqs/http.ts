import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../read-body';
import { verifySignature } from '../sigv4';
import type { Principal } from '../types';
import type { SqsMembers } from './broker';
import { accessDenied, noSuchQueue, signatureError, SqsError } from './errors';
import { messagesOf, type Queues } from './queues';
import type { SqsOptions } from './service';

interface Service {
  readonly options: SqsOptions;
  readonly queues: Queues;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Room for a batch of 1 MiB in which every character is escaped. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Operations on a queue, with the IAM action that each needs where that is another. */
const QUEUE_OPERATIONS = new Map([
  ['SendMessage', 'SendMessage'],
  ['SendMessageBatch', 'SendMessage'],
  ['ReceiveMessage', 'ReceiveMessage'],
  ['DeleteMessage', 'DeleteMessage'],
  ['DeleteMessageBatch', 'DeleteMessage'],
  ['ChangeMessageVisibility', 'ChangeMessageVisibility'],
  ['ChangeMessageVisibilityBatch', 'ChangeMessageVisibility'],
  ['GetQueueAttributes', 'GetQueueAttributes'],
  ['SetQueueAttributes', 'SetQueueAttributes'],
  ['PurgeQueue', 'PurgeQueue'],
  ['ListQueueTags', 'ListQueueTags'],
]);

/** Answers one request of the AWS JSON 1.0 protocol. */
export async function answer(service: Service, exchange: Exchange): Promise<void> {
  try {
    send(exchange.response, 200, await perform(service, exchange));
  } catch (error) {
    sendError(exchange.response, error);
  }
}

async function perform(service: Service, exchange: Exchange): Promise<SqsMembers> {
  const body = await readBody(exchange.request, MAX_BODY_BYTES);
  if (!body) throw new SqsError('InvalidRequest', `The request is larger than ${MAX_BODY_BYTES} bytes.`);
  const principal = await authenticate(service.options, exchange.request, body);
  const action = String(exchange.request.headers['x-amz-target']).replace(/^AmazonSQS\./, '');
  const input = parseInput(body);
  if (action === 'ListQueues') return listQueues(service.options, principal, input);
  const queueName = queueNameOf(input);
  const permission = action === 'GetQueueUrl' ? action : QUEUE_OPERATIONS.get(action);
  if (permission === undefined) {
    throw new SqsError(
      'UnsupportedOperation',
      `${action} is not served locally: queues come from the template.`,
    );
  }
  requireAccess(service.options, principal, { permission, queueName });
  if (action === 'GetQueueUrl') return { QueueUrl: queueUrl(service.options, queueName) };
  return callQueue(service, exchange, { action, queueName, input });
}

/** A client that hung up during its poll must not keep what was found for it from others. */
async function callQueue(
  { queues }: Service,
  { response }: Exchange,
  operation: { action: string; queueName: string; input: SqsMembers },
): Promise<SqsMembers> {
  const hangUp = new AbortController();
  response.once('close', () => hangUp.abort());
  const output = await queues.call({ ...operation, signal: hangUp.signal });
  if (operation.action === 'ReceiveMessage' && hangUp.signal.aborted) {
    for (const { ReceiptHandle } of messagesOf(output)) {
      const input = { ReceiptHandle, VisibilityTimeout: 0 };
      await queues.call({ ...operation, action: 'ChangeMessageVisibility', input });
    }
  }
  return output;
}

async function authenticate(options: SqsOptions, request: IncomingMessage, body: Buffer): Promise<Principal> {
  const now = options.now?.() ?? new Date();
  const signature = await verifySignature({ request, keyring: options.keyring, now, body });
  if (signature.kind === 'unsigned') {
    throw new SqsError('MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  if (signature.kind === 'refused') throw signatureError(signature.code, signature.message);
  if (signature.service !== 'sqs') {
    throw signatureError('SignatureDoesNotMatch', "Credential should be scoped to correct service: 'sqs'.");
  }
  return signature.key.principal;
}

function requireAccess(
  options: SqsOptions,
  principal: Principal,
  { permission, queueName }: { permission: string; queueName: string },
): void {
  const action = `sqs:${permission}`;
  const resource = `arn:aws:sqs:${options.region}:${options.accountId}:${queueName}`;
  if (!options.authorize({ principal, action, resource }))
    throw accessDenied(principal.arn, action, resource);
}

function listQueues(options: SqsOptions, principal: Principal, input: SqsMembers): SqsMembers {
  requireAccess(options, principal, { permission: 'ListQueues', queueName: '*' });
  const prefix = typeof input['QueueNamePrefix'] === 'string' ? input['QueueNamePrefix'] : '';
  const names = options.queues.map(({ name }) => name).filter(name => name.startsWith(prefix));
  return { QueueUrls: names.map(name => queueUrl(options, name)) };
}

/** The last part of the URL tells the queue: whether the client says 127.0.0.1 or localhost does not matter. */
function queueNameOf(input: SqsMembers): string {
  const { QueueUrl: url, QueueName: name } = input;
  const reference = typeof url === 'string' ? url : name;
  if (typeof reference !== 'string' || reference === '') throw noSuchQueue();
  return reference.replace(/^.*\//, '');
}

function queueUrl(options: SqsOptions, queueName: string): string {
  if (!options.queues.some(({ name }) => name === queueName)) throw noSuchQueue();
  return `${options.endpoint}/${options.accountId}/${queueName}`;
}

function parseInput(body: Buffer): SqsMembers {
  try {
    const input: unknown = JSON.parse(body.toString('utf8') || '{}');
    if (typeof input === 'object' && input !== null) return input as SqsMembers;
  } catch {
    // Told below.
  }
  throw new SqsError('SerializationException', 'The request body is not a JSON object.');
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof SqsError) {
    response.setHeader('x-amzn-query-error', `${error.queryCode};Sender`);
    send(response, 400, { __type: `com.amazonaws.sqs#${error.code}`, message: error.message });
    return;
  }
  process.emitWarning(error instanceof Error ? error : String(error));
  send(response, 500, { __type: 'com.amazonaws.sqs#InternalFailure', message: 'The request has failed.' });
}

function send(response: ServerResponse, status: number, body: SqsMembers): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}
