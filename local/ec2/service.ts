import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import type { TaskPlace } from '../ecs/types';
import { readBody } from '../read-body';
import { verifySignature } from '../sigv4';
import type { Authorize, Keyring, LocalService, Principal } from '../types';
import { writeFileAtomically } from '../write-file';
import { questionsOf } from './access';
import { Ec2Error } from './errors';
import { operations } from './operations';
import { parseQuery } from './query';
import { whyUnreachable } from './reach';
import type { Stored } from './resources';
import { World, type WorldOptions } from './world';
import { renderAnswer, renderError } from './xml';

export interface Ec2Options extends Pick<WorldOptions, 'interfaces' | 'natSeconds' | 'limits'> {
  /** File that everything is kept in. Its folder is made when missing. */
  readonly path: string;
  readonly region: string;
  readonly accountId: string;
  readonly keyring: Keyring;
  readonly authorize: Authorize;
}

/** The part of EC2 that makes networks, and tells of the network interfaces of tasks. */
export interface LocalEc2 extends LocalService {
  /** Why a task in a subnet that was made here could not reach AWS; undefined when it can, or the subnet is not of here. */
  whyUnreachable(place: TaskPlace): string | undefined;
}

/** Whether a request is meant for EC2, which is told by what it was signed for. */
export function isForEc2({ headers }: IncomingMessage): boolean {
  return /Credential=[^,]*\/ec2\/aws4_request/.test(headers.authorization ?? '');
}

const MAX_BODY_BYTES = 1024 * 1024;

export function createEc2(options: Ec2Options): LocalEc2 {
  mkdirSync(dirname(options.path), { recursive: true });
  const world = new World({
    ...options,
    now: () => new Date(),
    stored: existsSync(options.path)
      ? (JSON.parse(readFileSync(options.path, 'utf8')) as readonly Stored[])
      : [],
    onChange: all => writeFileAtomically(options.path, `${JSON.stringify(all, null, 2)}\n`),
  });
  return {
    handle: (request, response) => answer({ options, world }, request, response),
    whyUnreachable: place => whyUnreachable(world, place),
  };
}

async function answer(
  service: { options: Ec2Options; world: World },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  try {
    const { name, content } = await perform(service, request);
    send(response, 200, renderAnswer(name, content, requestId));
  } catch (error) {
    if (error instanceof Ec2Error) {
      const status = error.code === 'UnauthorizedOperation' ? 403 : 400;
      send(response, status, renderError(error.code, error.message, requestId));
      return;
    }
    process.emitWarning(error instanceof Error ? error : String(error));
    send(response, 500, renderError('InternalError', 'An internal error has occurred', requestId));
  }
}

async function perform(
  { options, world }: { options: Ec2Options; world: World },
  request: IncomingMessage,
): Promise<{ name: string; content: object }> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) throw new Ec2Error('RequestLimitExceeded', 'The request is too large.');
  const principal = await authenticate(options, request, body);
  const { name, input } = parseQuery(body.toString('utf8'));
  const operation = operations.get(name);
  if (operation === undefined)
    throw new Ec2Error('InvalidAction', `The action ${name} is not served locally.`);
  const { accountId, authorize } = options;
  for (const question of questionsOf(world, { name, input, accountId })) {
    if (authorize({ ...question, principal })) continue;
    throw new Ec2Error(
      'UnauthorizedOperation',
      `You are not authorized to perform this operation. User: ${principal.arn} is not authorized to perform: ` +
        `${question.action} on resource: ${question.resource} because no identity-based policy allows the ${question.action} action.`,
    );
  }
  return { name, content: operation(world, input) };
}

async function authenticate(
  { keyring }: Ec2Options,
  request: IncomingMessage,
  body: Buffer,
): Promise<Principal> {
  const signature = await verifySignature({ request, keyring, now: new Date(), body });
  switch (signature.kind) {
    case 'unsigned':
      throw new Ec2Error('MissingAuthenticationToken', 'Request is missing Authentication Token');
    case 'refused':
      throw new Ec2Error('AuthFailure', signature.message);
    case 'signed':
      if (signature.service !== 'ec2')
        throw new Ec2Error('AuthFailure', "Credential should be scoped to correct service: 'ec2'.");
      return signature.key.principal;
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' });
  response.end(body);
}
