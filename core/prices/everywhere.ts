import type { Price, RegionPrices } from './schema';

/** Prices that are the same in both regions of the table. */

export const PUBLIC_IPV4: Price = {
  usd: 0.005,
  source: 'https://www.doit.com/aws-public-ipv4-price-increase-the-complete-guide/ (all regions)',
  date: '2024-02-01',
  basis: 'quoted',
};

export const ECR_TRANSFER_IN_REGION: Price = {
  usd: 0,
  source:
    'https://aws.amazon.com/ecr/pricing/ (page not at hand): between ECR and Fargate of one region nothing is billed',
  date: '2026-11-24',
  basis: 'commonKnowledge',
};

export const SQS_REQUEST: Price = {
  usd: 0.0000004,
  freePerMonth: 1_000_000,
  source:
    'https://gist.github.com/mkfmnn/c18899c1337f3cd5402b4f1b7782deff (us-east-1; standard queues, the same in most regions)',
  date: '2017-11-01',
  basis: 'quoted',
};

export const EVENTS: Price = {
  usd: 0,
  source:
    'https://aws.amazon.com/eventbridge/pricing/ (page not at hand): events of AWS services and scheduled rules are free',
  date: '2026-11-24',
  basis: 'commonKnowledge',
};

export const SPOT_SHARE: RegionPrices['spotShare'] = {
  least: 0.3,
  likely: 0.35,
  most: 0.5,
  source:
    'https://aws.amazon.com/fargate/pricing/ says up to 70 % below on-demand, and it has been 50 to 70 % below; what is typical between the two is an assumption',
  date: '2026-11-24',
  basis: 'derived',
};
