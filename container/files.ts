import { stat } from 'node:fs/promises';

/** Whether a file is there and holds anything. */
export async function hasContent(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && info.size > 0;
}
