import { isFurtherFile } from './further-files';
import { MANIFEST_EXTENSION } from './manifest';

/** Which half of a pair an uploaded object is. */
export type UploadHalf =
  | { readonly kind: 'video'; readonly videoKey: string }
  | { readonly kind: 'manifest'; readonly videoKey: string }
  /** Captions or an image: for the jobs of others. */
  | { readonly kind: 'further'; readonly key: string }
  | { readonly kind: 'ignored'; readonly reason: string };

/** Key of an object as S3 writes it in an event: form-encoded, `+` for space. */
export function decodeEventKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

/** @param key decoded key of the uploaded object */
export function classifyUpload(key: string): UploadHalf {
  if (key.endsWith('/')) return { kind: 'ignored', reason: 'a folder marker' };
  if (isFurtherFile(key)) return { kind: 'further', key };
  if (!key.toLowerCase().endsWith(MANIFEST_EXTENSION)) return { kind: 'video', videoKey: key };
  const videoKey = key.slice(0, -MANIFEST_EXTENSION.length);
  if (videoKey === '' || videoKey.endsWith('/'))
    return { kind: 'ignored', reason: 'a manifest without the name of a video' };
  return { kind: 'manifest', videoKey };
}

/** Key of the manifest that belongs to a video. */
export const manifestKey = (videoKey: string): string => `${videoKey}${MANIFEST_EXTENSION}`;
