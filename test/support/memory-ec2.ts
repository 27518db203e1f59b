import type { EC2Client } from '@aws-sdk/client-ec2';
import { Ec2Error } from '../../local/ec2/errors';
import { operations } from '../../local/ec2/operations';
import type { World } from '../../local/ec2/world';

/** Goes around each call: throws before or after it takes effect, or lets it pass. */
export type AroundCall = (name: string, effect: () => object) => object;

/** The SDK's client, answered by an EC2 in memory instead of over the network. */
export function memoryEc2(
  world: World,
  around: AroundCall = (_, effect) => effect(),
): Pick<EC2Client, 'send'> {
  const send = async (command: { constructor: { name: string }; input: unknown }): Promise<object> => {
    const name = command.constructor.name.replace(/Command$/, '');
    const operation = operations.get(name);
    if (operation === undefined) throw new Error(`The EC2 in memory has no ${name}`);
    try {
      return around(name, () => operation(world, command.input));
    } catch (error) {
      // As the SDK throws them: by AWS's name.
      if (error instanceof Ec2Error) throw Object.assign(new Error(error.message), { name: error.code });
      throw error;
    }
  };
  return { send };
}
