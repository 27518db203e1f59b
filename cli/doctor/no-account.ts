import { z } from 'zod';
import { codeOf, messageOf } from '../thrown';
import type { Finding } from './check';

const namedSchema = z.object({ name: z.string() });

const NO_NETWORK = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT'];
const NO_CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError'];
const BAD_CREDENTIALS = [
  ...['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId', 'SignatureDoesNotMatch'],
  ...['UnrecognizedClientException', 'InvalidToken'],
];

/** Why the account could not be asked who is asking. */
export function explainNoAccount(error: unknown): Finding {
  const name = nameOf(error);
  const message = messageOf(error).replace(/\.?$/, '.');
  if (NO_CREDENTIALS.includes(name))
    return {
      status: 'missing',
      found: 'no credentials',
      fix: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. For the local cloud alone: spotreel doctor --local.',
    };
  if (NO_NETWORK.includes(codeOf(error) ?? '') || name === 'TimeoutError')
    return {
      status: 'missing',
      found: `AWS can't be reached: ${message}`,
      fix: 'See to the network, a proxy, the region, and AWS_ENDPOINT_URL if it is set.',
    };
  return {
    status: 'missing',
    found: message,
    fix: BAD_CREDENTIALS.includes(name)
      ? 'The credentials are no longer, or not, valid there: sign in again.'
      : 'sts:GetCallerIdentity must answer: aws sts get-caller-identity.',
  };
}

export function isDenied(error: unknown): boolean {
  return /AccessDenied|UnauthorizedOperation|AuthFailure/.test(nameOf(error));
}

function nameOf(error: unknown): string {
  return namedSchema.safeParse(error).data?.name ?? '';
}
