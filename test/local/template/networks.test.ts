import { rmSync } from 'node:fs';
import { readAssembly } from '../../../local/template/assembly';
import type { WhyUnreachable } from '../../../local/template/networks';
import { readNetworks } from '../../../local/template/networks';
import { Resources } from '../../../local/template/resources';
import { networkVariables, synthPipeline } from '../../support/synth-pipeline';
import { writeAssembly } from '../tiny-assembly';

type Template = Record<string, { Type: string; Properties: Record<string, unknown> }>;

const SYNTHESIZED = {
  publicSubnet: synthPipeline(),
  privateEndpoints: synthPipeline({ network: 'privateEndpoints' }),
};

interface Stack {
  readonly why: WhyUnreachable;
  readonly subnetId: string;
  readonly groupId: string;
}

/** The synthesized network, after something has been done to its resources. */
function network(
  mode: keyof typeof SYNTHESIZED,
  change: (resources: Template) => void = () => undefined,
): Stack {
  const pipeline = SYNTHESIZED[mode];
  const { Resources: resources } = structuredClone(pipeline.template.toJSON()) as { Resources: Template };
  change(resources);
  const directory = writeAssembly({ template: { Resources: resources } });
  const deployment = { endpoint: 'http://127.0.0.1', region: 'us-east-1', accountId: '000000000000' };
  const read = new Resources(readAssembly(directory), deployment);
  rmSync(directory, { recursive: true });
  const { SUBNET_IDS, SECURITY_GROUP_ID } = networkVariables(pipeline);
  return {
    why: readNetworks(read),
    subnetId: read.evaluator.text(SUBNET_IDS).split(',')[0] ?? '',
    groupId: read.evaluator.text(SECURITY_GROUP_ID),
  };
}

function whyNot({ why, subnetId, groupId }: Stack, publicAddress: boolean): string | undefined {
  return why({ subnetId, securityGroupIds: [groupId], publicAddress });
}

function remove(resources: Template, matches: (resource: Template[string], id: string) => boolean): void {
  for (const [id, resource] of Object.entries(resources)) if (matches(resource, id)) delete resources[id];
}

describe('a task in public subnets', () => {
  it('gets out by its public address, and not without one', () => {
    const stack = network('publicSubnet');
    expect(whyNot(stack, true)).toBeUndefined();
    expect(whyNot(stack, false)).toMatch(/leads to an internet gateway and the task has no public address/);
  });

  it('does not get out without the route or without leave of its security group', () => {
    const unrouted = network('publicSubnet', resources =>
      remove(resources, ({ Type }) => Type === 'AWS::EC2::Route'),
    );
    expect(whyNot(unrouted, true)).toMatch(/no route out/);
    const shut = network('publicSubnet', resources => {
      for (const { Type, Properties } of Object.values(resources))
        if (Type === 'AWS::EC2::SecurityGroup') Properties['SecurityGroupEgress'] = [];
    });
    expect(whyNot(shut, true)).toMatch(/no security group of the task lets HTTPS out/);
  });
});

describe('a task in subnets with endpoints', () => {
  it('gets out without an address', () => {
    expect(whyNot(network('privateEndpoints'), false)).toBeUndefined();
  });

  it('does not get out when an endpoint is missing, and the answer says which', () => {
    const stack = network('privateEndpoints', resources =>
      remove(
        resources,
        ({ Type, Properties }) =>
          Type === 'AWS::EC2::VPCEndpoint' && /\.sqs"/.test(JSON.stringify(Properties)),
      ),
    );
    expect(whyNot(stack, false)).toMatch(/no endpoint that the task may use for sqs$/);
  });

  it('does not get out when the endpoints do not let it in', () => {
    const stack = network('privateEndpoints', resources =>
      remove(resources, ({ Type }) => Type === 'AWS::EC2::SecurityGroupIngress'),
    );
    expect(whyNot(stack, false)).toMatch(/may use for ecr.api, ecr.dkr, sqs, logs$/);
  });
});

it('subnets that the template does not define are taken to be in order', () => {
  const { why, groupId } = network('publicSubnet');
  expect(why({ subnetId: 'subnet-0', securityGroupIds: [groupId], publicAddress: false })).toBeUndefined();
});
