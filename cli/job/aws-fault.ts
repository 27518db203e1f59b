import { z } from 'zod';
import { messageOf } from '../thrown';

const namedSchema = z.object({ name: z.string() });

/** Faults that whoever calls can mend, by the name or the message of the SDK's error. */
const FIXES: Readonly<Record<string, string>> = {
  'Region is missing': 'Set AWS_REGION.',
  CredentialsProviderError: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  NoSuchBucket: 'Give the output StateBucket of the stack as --state or SPOTREEL_STATE_BUCKET.',
  AccessDenied: 'It takes s3:ListBucket and s3:GetObject on the state bucket.',
  InvalidAccessKeyId: 'The key belongs to another account or another local cloud: set that of this one.',
};

/** An error of the SDK in words that say what to do; any other as it is. */
export function explainAwsFault(error: unknown): unknown {
  const message = messageOf(error);
  const name = namedSchema.safeParse(error).data?.name ?? '';
  const fix = FIXES[message] ?? FIXES[name];
  return fix === undefined ? error : new Error(`${message.replace(/\.?$/, '.')} ${fix}`, { cause: error });
}
