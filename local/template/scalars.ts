import { z } from 'zod';

/** CloudFormation takes texts, numbers and truth values for one another. */
export const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
export const wholeNumber = z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number);
export const truth = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .transform(value => String(value) === 'true');
