/** A command was wrongly asked; the message names the flag or argument, its value and the fix. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
