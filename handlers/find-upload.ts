import type { FurtherFile, FurtherUpload } from '../core/further-files';
import { SNIFF_BYTES } from '../core/sniff';
import type { Cloud } from './cloud';

/** What lies under the key of a further file now. */
export async function findUpload(
  { inbox, presets }: Pick<Cloud, 'inbox' | 'presets'>,
  { key, bucket }: FurtherFile,
): Promise<FurtherUpload | undefined> {
  if (bucket === 'state') return presets.file(key, SNIFF_BYTES);
  const upload = await inbox.video(key);
  if (upload === undefined) return undefined;
  const { versionId, sizeBytes } = upload;
  const head = sizeBytes === 0 ? new Uint8Array() : await inbox.head(key, { versionId, bytes: SNIFF_BYTES });
  return { ...upload, head };
}
