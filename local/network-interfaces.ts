import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { XMLBuilder } from 'fast-xml-parser';
import type { Task } from './ecs/types';
import { readBody } from './read-body';
import { verifySignature } from './sigv4';
import type { Authorize, Keyring, LocalService } from './types';

export interface NetworkInterfacesOptions {
  readonly keyring: Keyring;
  readonly authorize: Authorize;
  /** Tasks whose network interfaces there are. */
  readonly tasks: () => readonly Task[];
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const MAX_BODY_BYTES = 64 * 1024;
const ID_PARAMETER = /^NetworkInterfaceId\.\d+$/;

/** As much of EC2 as it takes to find the address of a task: DescribeNetworkInterfaces by id. */
export function createNetworkInterfaces(options: NetworkInterfacesOptions): LocalService {
  return {
    async handle(request, response) {
      const { status, body } = await answer(options, request);
      response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' });
      response.end(new XMLBuilder().build(body));
    },
  };
}

/** Whether a request is meant for EC2, which is told by what it was signed for. */
export function isForEc2({ headers }: IncomingMessage): boolean {
  return /Credential=[^,]*\/ec2\/aws4_request/.test(headers.authorization ?? '');
}

async function answer(options: NetworkInterfacesOptions, request: IncomingMessage): Promise<Answer> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) return failure('InvalidRequest', 'The request is too large.');
  const signature = await verifySignature({ request, keyring: options.keyring, now: new Date(), body });
  if (signature.kind !== 'signed')
    return failure('AuthFailure', 'AWS was not able to validate the provided access credentials');
  const parameters = new URLSearchParams(body.toString('utf8'));
  const action = parameters.get('Action') ?? '';
  if (!options.authorize({ principal: signature.key.principal, action: `ec2:${action}`, resource: '*' }))
    return {
      ...failure('UnauthorizedOperation', 'You are not authorized to perform this operation.'),
      status: 403,
    };
  if (action !== 'DescribeNetworkInterfaces')
    return failure('InvalidAction', `The action ${action} is not served locally.`);
  const asked = [...parameters].filter(([name]) => ID_PARAMETER.test(name)).map(([, value]) => value);
  return describe(options.tasks(), asked);
}

function describe(tasks: readonly Task[], asked: readonly string[]): Answer {
  const interfaces = tasks.map(task => task.networkInterface).filter(({ status }) => status !== 'DELETED');
  const unknown = asked.find(id => interfaces.every(one => one.networkInterfaceId !== id));
  if (unknown !== undefined)
    return failure(
      'InvalidNetworkInterfaceID.NotFound',
      `The networkInterface ID '${unknown}' does not exist`,
    );
  const found = interfaces.filter(
    ({ networkInterfaceId }) => asked.length === 0 || asked.includes(networkInterfaceId),
  );
  return {
    status: 200,
    body: {
      DescribeNetworkInterfacesResponse: {
        requestId: randomUUID(),
        networkInterfaceSet: {
          item: found.map(one => ({
            networkInterfaceId: one.networkInterfaceId,
            subnetId: one.subnetId,
            macAddress: one.macAddress,
            privateIpAddress: one.privateIpv4Address,
            status: 'in-use',
            groupSet: { item: one.securityGroupIds.map(groupId => ({ groupId })) },
            ...(one.publicIpv4Address === undefined
              ? {}
              : { association: { publicIp: one.publicIpv4Address } }),
          })),
        },
      },
    },
  };
}

function failure(code: string, message: string): Answer {
  return {
    status: 400,
    body: { Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: randomUUID() } },
  };
}
