import { z } from 'zod';
import { NETWORK_MODES } from '../../core/network-mode';

/** How tasks in subnets that are there already reach AWS. */
export const WAYS_OUT = ['internetGateway', 'nat', 'endpoints'] as const;

export type WayOut = (typeof WAYS_OUT)[number];

/** Subnets that one RunTask takes, and more zones than any region has. */
const MOST_SUBNETS = 16;

function idPattern(type: string): RegExp {
  return new RegExp(`^${type}-([0-9a-f]{8}|[0-9a-f]{17})$`);
}

const publicSubnetSchema = z.strictObject({ mode: z.literal('publicSubnet') });

const existingVpcSchema = z.strictObject({
  mode: z.literal('existingVpc'),
  /** Such as vpc-0123456789abcdef0. */
  vpcId: z.string().regex(idPattern('vpc'), 'Use the id of a VPC: vpc- and 8 or 17 hexadecimal digits.'),
  /**
   * Subnets that tasks start in. Default: all whose routes fit `wayOut`, which CDK looks up with the credentials at
   * hand and keeps in cdk.context.json.
   */
  subnetIds: z
    .array(
      z
        .string()
        .regex(idPattern('subnet'), 'Use the id of a subnet: subnet- and 8 or 17 hexadecimal digits.'),
    )
    .min(1)
    .max(MOST_SUBNETS)
    .optional(),
  /**
   * How tasks reach AWS from there: `internetGateway` in public subnets, where each gets a public address; `nat` in
   * private subnets with a route to a NAT gateway or to what does its work; `endpoints` in subnets without a route
   * out, in a VPC with interface endpoints for ECR (api and dkr), SQS and logs and the gateway endpoint of S3.
   */
  wayOut: z.enum(WAYS_OUT),
});

const privateEndpointsSchema = z.strictObject({
  mode: z.literal('privateEndpoints'),
  /** Availability zones. Default 2. Each costs four interface endpoints by the hour; with one, Spot has one zone to find room in. */
  zones: z.int().min(1).max(2).default(2),
});

/** How long such a network lives is said by the settings whose names begin with network. */
const perJobNatSchema = z.strictObject({ mode: z.literal('perJobNat') });

const networkUnion = z.discriminatedUnion('mode', [
  publicSubnetSchema,
  existingVpcSchema,
  privateEndpointsSchema,
  perJobNatSchema,
]);

/** A network as it is configured: a mode with what belongs to it. */
export type NetworkConfig = z.infer<typeof networkUnion>;

/** Modes that need nothing but their name. */
const BARE_MODES = ['publicSubnet', 'privateEndpoints', 'perJobNat'] as const;

/** A mode's name where it needs nothing else, or an object with the mode and what belongs to it. */
export type NetworkInput = (typeof BARE_MODES)[number] | z.input<typeof networkUnion>;

const EXISTING_VPC =
  '{"mode":"existingVpc","vpcId":"vpc-…","subnetIds":["subnet-…","subnet-…"],"wayOut":"nat"}';

/** Takes an object, a mode's name, or, as the command line has it, an object's JSON. */
export const networkSchema = z.preprocess((input: NetworkInput, context) => {
  if (typeof input !== 'string') return input;
  if (BARE_MODES.some(mode => mode === input)) return { mode: input };
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message, input });
    return z.NEVER;
  };
  const text: string = input;
  if (text === 'existingVpc') return refuse(`It must be told which. Write ${EXISTING_VPC}.`);
  if (!text.startsWith('{'))
    return refuse(`Use one of: ${NETWORK_MODES.join(', ')}; or JSON such as ${EXISTING_VPC}.`);
  try {
    return JSON.parse(text) as z.input<typeof networkUnion>;
  } catch {
    return refuse(`Not valid JSON. Write, in single quotes for the shell, ${EXISTING_VPC}.`);
  }
}, networkUnion);

/** Whether CDK must ask the account for what the configuration leaves open. */
export function needsLookup(network: NetworkConfig): boolean {
  return network.mode === 'existingVpc' && network.subnetIds === undefined;
}
