import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';

/** The public address of a network interface, where it has one. */
export async function publicAddressOf(networkInterfaceId: string): Promise<string | undefined> {
  const ec2 = new EC2Client({});
  try {
    const { NetworkInterfaces } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [networkInterfaceId] }),
    );
    return NetworkInterfaces?.[0]?.Association?.PublicIp;
  } finally {
    ec2.destroy();
  }
}
