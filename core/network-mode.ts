/**
 * Where tasks run.
 * - `publicSubnet`: a VPC of the pipeline's own; each task has a public address while it lives.
 * - `existingVpc`: subnets that are there already.
 * - `privateEndpoints`: a VPC of the pipeline's own without any way to the internet; AWS is reached by endpoints.
 * - `perJobNat`: private subnets with a NAT gateway, made when a job comes and removed when none is left.
 */
export const NETWORK_MODES = ['publicSubnet', 'existingVpc', 'privateEndpoints', 'perJobNat'] as const;

export type NetworkMode = (typeof NETWORK_MODES)[number];

/**
 * AWS services that a task must reach by an interface endpoint where there is no other way out: its image's manifest
 * and layers' addresses, its queues and its log. The layers themselves and all video come from S3, whose gateway
 * endpoint is free.
 */
export const ENDPOINT_SERVICES = ['ecr.api', 'ecr.dkr', 'sqs', 'logs'] as const;
