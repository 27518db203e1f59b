/** What a form says, nested as its names say it. */
export type Input = Record<string, unknown>;

/** The query protocol names lists in the singular; the SDK, and so the operations here, in the plural. */
const LISTS: ReadonlyMap<string, string> = new Map([
  ['Filter', 'Filters'],
  ['Value', 'Values'],
  ['Tag', 'Tags'],
  ['TagSpecification', 'TagSpecifications'],
  ['RouteTableId', 'RouteTableIds'],
  ['VpcEndpointId', 'VpcEndpointIds'],
  ['VpcId', 'VpcIds'],
  ['SubnetId', 'SubnetIds'],
  ['InternetGatewayId', 'InternetGatewayIds'],
  ['GroupId', 'GroupIds'],
  ['NatGatewayId', 'NatGatewayIds'],
  ['AllocationId', 'AllocationIds'],
  ['NetworkInterfaceId', 'NetworkInterfaceIds'],
  ['IpPermissions', 'IpPermissions'],
  ['IpRanges', 'IpRanges'],
]);

/** Parses the body of a request in EC2's query protocol: `TagSpecification.1.Tag.1.Key=expiry`. */
export function parseQuery(body: string): { readonly name: string; readonly input: Input } {
  const root: Input = {};
  for (const [name, value] of new URLSearchParams(body)) put(root, name.split('.'), value);
  const { Action: action, Version: _version, GroupDescription: description, ...rest } = root;
  const input = withLists(description === undefined ? rest : { ...rest, Description: description });
  return { name: typeof action === 'string' ? action : '', input };
}

function put(target: Input, path: readonly string[], value: string): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = target[first];
  const next: Input = isInput(inner) ? inner : {};
  target[first] = next;
  put(next, rest, value);
}

/** Objects whose names are numbers become lists. */
function withLists(input: Input): Input {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      if (!isInput(value)) return [name, value];
      const names = Object.keys(value);
      if (!names.every(key => /^\d+$/.test(key))) return [name, withLists(value)];
      const items = names
        .sort((a, b) => Number(a) - Number(b))
        .map(key => value[key])
        .map(item => (isInput(item) ? withLists(item) : item));
      return [LISTS.get(name) ?? name, items];
    }),
  );
}

function isInput(value: unknown): value is Input {
  return typeof value === 'object' && value !== null;
}
