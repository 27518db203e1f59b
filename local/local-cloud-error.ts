/** What keeps the local cloud from running, in words for the person who started it; needs no stack trace. */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True for the file system's "there is no such file". */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
