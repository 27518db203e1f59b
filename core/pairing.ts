import { makeJobId } from './job';
import { PRESET_METADATA } from './manifest';
import type { Settings } from './settings';

/** The newest version of a video in the inbox. */
export interface VideoUpload {
  readonly versionId: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly uploadedAt: Date;
  /** User metadata, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The newest version of the manifest beside it. */
export interface ManifestUpload {
  readonly versionId: string;
  readonly sizeBytes: number;
  readonly uploadedAt: Date;
}

export interface UploadPair {
  readonly bucket: string;
  readonly videoKey: string;
  readonly video: VideoUpload | undefined;
  readonly manifest: ManifestUpload | undefined;
}

export type Pairing =
  /** The other half may still come. */
  | { readonly kind: 'wait'; readonly missing: 'video' | 'manifest'; readonly since: Date }
  /** Neither half is there any more. */
  | { readonly kind: 'gone' }
  /** The video asks for a preset in its metadata; a manifest beside it counts for nothing. */
  | {
      readonly kind: 'byMetadata';
      readonly jobId: string;
      readonly video: VideoUpload;
      readonly presetName: string;
    }
  | {
      readonly kind: 'byManifest';
      readonly jobId: string;
      readonly video: VideoUpload;
      readonly manifest: ManifestUpload;
    }
  | { readonly kind: 'unpaired'; readonly jobId: string; readonly missing: 'video' | 'manifest' };

/** Whether a job can be made of what lies in the inbox. Depends on the uploads alone, not on which event told of them. */
export function pairUploads(
  pair: UploadPair,
  now: Date,
  settings: Pick<Settings, 'pairingMinutes'>,
): Pairing {
  const { bucket, videoKey, video, manifest } = pair;
  const presetName = video?.metadata[PRESET_METADATA];
  if (video !== undefined && presetName !== undefined) {
    const jobId = makeJobId({
      bucket,
      videoKey,
      videoVersionId: video.versionId,
      uploadedAt: video.uploadedAt,
    });
    return { kind: 'byMetadata', jobId, video, presetName };
  }
  if (video !== undefined && manifest !== undefined) {
    const uploadedAt = new Date(Math.max(video.uploadedAt.getTime(), manifest.uploadedAt.getTime()));
    const jobId = makeJobId({
      bucket,
      videoKey,
      videoVersionId: video.versionId,
      manifestVersionId: manifest.versionId,
      uploadedAt,
    });
    return { kind: 'byManifest', jobId, video, manifest };
  }
  const half = video ?? manifest;
  if (half === undefined) return { kind: 'gone' };
  const missing = video === undefined ? 'video' : 'manifest';
  // Equal counts as too late: the deadline excludes its last millisecond.
  if (now.getTime() - half.uploadedAt.getTime() < settings.pairingMinutes * 60_000)
    return { kind: 'wait', missing, since: half.uploadedAt };
  const jobId = makeJobId({
    bucket,
    videoKey,
    ...(video === undefined ? {} : { videoVersionId: video.versionId }),
    ...(manifest === undefined ? {} : { manifestVersionId: manifest.versionId }),
    uploadedAt: half.uploadedAt,
  });
  return { kind: 'unpaired', jobId, missing };
}
