import { XMLBuilder } from 'fast-xml-parser';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

/** Lists that are not called by the singular of their name and `Set`. */
const LIST_NAMES: ReadonlyMap<string, string> = new Map([
  ['Addresses', 'addressesSet'],
  ['SecurityGroups', 'securityGroupInfo'],
  ['IpPermissionsEgress', 'ipPermissionsEgress'],
  ['IpRanges', 'ipRanges'],
  ['Unsuccessful', 'unsuccessful'],
  ['RouteTableIds', 'routeTableIdSet'],
  ['NatGatewayAddresses', 'natGatewayAddressSet'],
]);
/** Members that are spelled otherwise than the SDK spells them. */
const MEMBER_NAMES: ReadonlyMap<string, string> = new Map([
  ['RouteTableAssociationId', 'routeTableAssociationId'],
  ['Description', 'groupDescription'],
]);

/** The answer to a call, from what the SDK makes of it. */
export function renderAnswer(name: string, answer: object, requestId: string): string {
  const content = { '@_xmlns': NAMESPACE, requestId, ...members(answer) };
  return declare(builder.build({ [`${name}Response`]: content }));
}

export function renderError(code: string, message: string, requestId: string): string {
  const Errors = { Error: { Code: code, Message: message } };
  return declare(builder.build({ Response: { Errors, RequestID: requestId } }));
}

function members(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]: [string, unknown]) =>
        Array.isArray(member)
          ? [listName(name), { item: member.map(inner) }]
          : [MEMBER_NAMES.get(name) ?? lowerFirst(name), inner(member)],
      ),
  );
}

function inner(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? members(value) : value;
}

function listName(name: string): string {
  return LIST_NAMES.get(name) ?? `${lowerFirst(name).replace(/s$/, '')}Set`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function declare(xml: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}
