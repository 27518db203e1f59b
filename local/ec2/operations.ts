import { creating } from './creating';
import { describing } from './describing';
import { linking } from './linking';
import type { Operation } from './operation';
import { removing } from './removing';

/** The operations of the API that there are, by AWS's names. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  ...creating,
  ...linking,
  ...removing,
  ...describing,
]);
