import { z } from 'zod';

/** The parts of a JSON Schema that tell which fields there are. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
}

/** Names of the fields that the schema has in the object at a path, those of every alternative together. */
export function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let nodes = alternatives(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node);
  for (const part of path) nodes = nodes.flatMap(node => child(node, part)).flatMap(alternatives);
  return [...new Set(nodes.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function child({ properties, items, additionalProperties }: Node, part: PropertyKey): Node[] {
  const found =
    typeof part === 'number'
      ? items
      : (properties?.[String(part)] ??
        (typeof additionalProperties === 'object' ? additionalProperties : undefined));
  return found === undefined ? [] : [found];
}

function alternatives(node: Node): Node[] {
  const { anyOf = [], oneOf = [], allOf = [] } = node;
  return [node, ...[...anyOf, ...oneOf, ...allOf].flatMap(alternatives)];
}
