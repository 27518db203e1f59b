import { createHash } from 'node:crypto';
import type { CreateVpcEndpointCommandInput, ResourceType, TagSpecification } from '@aws-sdk/client-ec2';
import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupEgressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointsCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  ReleaseAddressCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import type { CallResult, CreateCall, LinkCall, NetworkCall, RemoveCall } from '../../core/nat-network-calls';
import type { NetworkPart, NetworkRecord } from '../../core/nat-network-record';
import { PART_TAG, networkTags } from '../../core/task-tags';
import type { Ec2NetworksOptions } from './ec2-networks';

export interface CallContext extends Ec2NetworksOptions {
  readonly record: NetworkRecord;
}

const EVERYWHERE = '0.0.0.0/0';
const DONE: CallResult = { kind: 'done' };

/** Makes one EC2 call; throws EC2's errors. */
export function sendCall(context: CallContext, call: NetworkCall): Promise<CallResult> {
  if ('part' in call) return create(context, call);
  return 'id' in call ? remove(context, call) : link(context, call);
}

async function create(context: CallContext, call: CreateCall): Promise<CallResult> {
  const id = await createdId(context, call);
  if (id === undefined) throw new Error(`EC2 answered ${call.call} without an id`);
  return { kind: 'made', id };
}

async function createdId(context: CallContext, call: CreateCall): Promise<string | undefined> {
  const { ec2, region, record } = context;
  const tags = (type: ResourceType): TagSpecification[] => [tagSpecification(context, type, call.part)];
  const ClientToken = clientToken(context, call.part);
  switch (call.call) {
    case 'AllocateAddress': {
      const input = { Domain: 'vpc', TagSpecifications: tags('elastic-ip') } as const;
      return (await ec2.send(new AllocateAddressCommand(input))).AllocationId;
    }
    case 'CreateInternetGateway': {
      const input = { TagSpecifications: tags('internet-gateway') };
      return (await ec2.send(new CreateInternetGatewayCommand(input))).InternetGateway?.InternetGatewayId;
    }
    case 'CreateVpc': {
      const input = { CidrBlock: call.cidr, TagSpecifications: tags('vpc') };
      return (await ec2.send(new CreateVpcCommand(input))).Vpc?.VpcId;
    }
    case 'CreateSubnet': {
      const input = {
        VpcId: call.vpcId,
        CidrBlock: call.cidr,
        AvailabilityZone: context.zones[call.zone],
        TagSpecifications: tags('subnet'),
      };
      return (await ec2.send(new CreateSubnetCommand(input))).Subnet?.SubnetId;
    }
    case 'CreateRouteTable': {
      const input = { VpcId: call.vpcId, ClientToken, TagSpecifications: tags('route-table') };
      return (await ec2.send(new CreateRouteTableCommand(input))).RouteTable?.RouteTableId;
    }
    case 'CreateSecurityGroup': {
      const input = {
        VpcId: call.vpcId,
        GroupName: `spotreel ${record.networkId}`,
        Description: 'Workers: nothing in, HTTPS out',
        TagSpecifications: tags('security-group'),
      };
      return (await ec2.send(new CreateSecurityGroupCommand(input))).GroupId;
    }
    case 'CreateNatGateway': {
      const input = {
        SubnetId: call.subnetId,
        AllocationId: call.allocationId,
        ClientToken,
        TagSpecifications: tags('natgateway'),
      };
      return (await ec2.send(new CreateNatGatewayCommand(input))).NatGateway?.NatGatewayId;
    }
    case 'CreateVpcEndpoint': {
      const input: CreateVpcEndpointCommandInput = {
        VpcEndpointType: 'Gateway',
        VpcId: call.vpcId,
        ServiceName: `com.amazonaws.${region}.s3`,
        RouteTableIds: [call.routeTableId],
        ClientToken,
        TagSpecifications: tags('vpc-endpoint'),
      };
      return (await ec2.send(new CreateVpcEndpointCommand(input))).VpcEndpoint?.VpcEndpointId;
    }
  }
}

async function link({ ec2 }: CallContext, call: LinkCall): Promise<CallResult> {
  switch (call.call) {
    case 'AttachInternetGateway': {
      const { internetGatewayId: InternetGatewayId, vpcId: VpcId } = call;
      await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
      return DONE;
    }
    case 'AssociateRouteTable': {
      const { routeTableId: RouteTableId, subnetId: SubnetId } = call;
      await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
      return DONE;
    }
    case 'CreateRoute': {
      const target =
        'gatewayId' in call.via ? { GatewayId: call.via.gatewayId } : { NatGatewayId: call.via.natGatewayId };
      const input = { RouteTableId: call.routeTableId, DestinationCidrBlock: EVERYWHERE, ...target };
      await ec2.send(new CreateRouteCommand(input));
      return DONE;
    }
    case 'RevokeSecurityGroupEgress': {
      // EC2 gives each new group a rule that lets everything out.
      const all = { IpProtocol: '-1', IpRanges: [{ CidrIp: EVERYWHERE }] };
      const input = { GroupId: call.groupId, IpPermissions: [all] };
      await ec2.send(new RevokeSecurityGroupEgressCommand(input));
      return DONE;
    }
    case 'AuthorizeSecurityGroupEgress': {
      const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: EVERYWHERE }] };
      const input = { GroupId: call.groupId, IpPermissions: [https] };
      await ec2.send(new AuthorizeSecurityGroupEgressCommand(input));
      return DONE;
    }
  }
}

async function remove({ ec2 }: CallContext, call: RemoveCall): Promise<CallResult> {
  const { id } = call;
  switch (call.call) {
    case 'DeleteNatGateway':
      await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id }));
      return DONE;
    case 'DeleteVpcEndpoints': {
      // This one answers errors with success.
      const { Unsuccessful = [] } = await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
      const [failed] = Unsuccessful;
      return failed === undefined
        ? DONE
        : { kind: 'later', reason: `${failed.Error?.Code ?? 'unknown'}: ${failed.Error?.Message ?? id}` };
    }
    case 'ReleaseAddress':
      await ec2.send(new ReleaseAddressCommand({ AllocationId: id }));
      return DONE;
    case 'DetachInternetGateway':
      await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: call.vpcId }));
      return DONE;
    case 'DisassociateRouteTable':
      await ec2.send(new DisassociateRouteTableCommand({ AssociationId: id }));
      return DONE;
    case 'DeleteInternetGateway':
      await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
      return DONE;
    case 'DeleteSubnet':
      await ec2.send(new DeleteSubnetCommand({ SubnetId: id }));
      return DONE;
    case 'DeleteRouteTable':
      await ec2.send(new DeleteRouteTableCommand({ RouteTableId: id }));
      return DONE;
    case 'DeleteSecurityGroup':
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
      return DONE;
    case 'DeleteVpc':
      await ec2.send(new DeleteVpcCommand({ VpcId: id }));
      return DONE;
  }
}

function tagSpecification(
  { record, deployment }: CallContext,
  ResourceType: ResourceType,
  part: NetworkPart,
): TagSpecification {
  const tags = [...networkTags(record, deployment), { name: PART_TAG, value: part }];
  return { ResourceType, Tags: tags.map(({ name, value }) => ({ Key: name, Value: value })) };
}

/** The same each time that this part of this network is asked for, and for nothing else. */
function clientToken({ record, deployment }: CallContext, part: NetworkPart): string {
  return createHash('sha256')
    .update(JSON.stringify([deployment, record.networkId, record.createdAt, part]))
    .digest('hex')
    .slice(0, 32);
}
