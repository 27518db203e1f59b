import type { TaskPlace } from '../ecs/types';
import type { World } from './world';

const ANYWHERE = '0.0.0.0/0';
const HTTPS = 443;

/** Why a task in a subnet of this world could not reach AWS; undefined when it can, or the subnet is not of here. */
export function whyUnreachable(world: World, place: TaskPlace): string | undefined {
  const subnet = world.existing('subnet').find(({ id }) => id === place.subnetId);
  if (subnet === undefined) return undefined;
  const groups = world.existing('security-group').filter(({ id }) => place.securityGroupIds.includes(id));
  const letsOut = groups.some(({ details }) =>
    details.IpPermissionsEgress.some(
      ({ FromPort = 0, ToPort = 65_535 }) => FromPort <= HTTPS && ToPort >= HTTPS,
    ),
  );
  if (!letsOut) return `no security group of the task lets HTTPS out (${place.securityGroupIds.join(', ')})`;
  const table = world
    .existing('route-table')
    .find(({ details }) => details.Associations.some(({ SubnetId }) => SubnetId === subnet.id));
  const route = table?.details.Routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === ANYWHERE);
  if (route === undefined) return `the subnet ${subnet.id} has no route out`;
  if (route.GatewayId !== undefined)
    return place.publicAddress
      ? undefined
      : `the subnet ${subnet.id} leads to an internet gateway and the task has no public address`;
  const nat = world.existing('natgateway').find(({ id }) => id === route.NatGatewayId);
  return nat === undefined || nat.deletedAt !== undefined
    ? `the NAT gateway ${route.NatGatewayId ?? ''} of subnet ${subnet.id} is gone`
    : undefined;
}
