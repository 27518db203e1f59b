import { z } from 'zod';
import { Ec2Error } from './errors';
import type { Kind, Tag } from './resources';
import type { World } from './world';

/** One operation: takes and gives what the SDK does. Throws an Ec2Error. */
export type Operation = (world: World, input: unknown) => object;

const tagSchema = z.object({ Key: z.string(), Value: z.string().default('') });

export const taggedSchema = z.object({
  TagSpecifications: z
    .array(z.object({ ResourceType: z.string(), Tags: z.array(tagSchema).default([]) }))
    .default([]),
  ClientToken: z.string().optional(),
});

/** Reads what a call says; a member that is missing or of the wrong type is named in the error. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Ec2Error(
    'InvalidParameterValue',
    `The parameter ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be used'}`,
  );
}

/** The tags for a new resource of this type. */
export function tagsFor(kind: Kind, { TagSpecifications }: z.infer<typeof taggedSchema>): readonly Tag[] {
  const other = TagSpecifications.find(({ ResourceType }) => ResourceType !== kind);
  if (other !== undefined) {
    throw new Ec2Error(
      'InvalidParameterValue',
      `'${other.ResourceType}' is not a valid taggable resource type for this operation.`,
    );
  }
  return TagSpecifications.flatMap(({ Tags }) => Tags);
}
