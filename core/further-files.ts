import type { CaptionLabel, InputUse, Place } from './input-use';
import { LANGUAGE_PATTERN, languageTag } from './language';
import type { Manifest } from './manifest';
import type { Preset } from './preset';
import { takesCaptions } from './preset';
import type { Problem } from './problem';
import type { Settings } from './settings';
import { watermarkIds } from './watermark';
import { sniffImage } from './sniff';
import { uploadProblems } from './upload-problems';

/** A file of the inbox that a job takes beside its video. */
export interface FurtherFile {
  /** What the order and the work know it by. */
  readonly id: string;
  /** Field of the manifest that names it; of a file that is named after the video, the empty pointer. */
  readonly pointer: string;
  /** Key in the inbox, or, of an image that a preset names, in the state bucket. */
  readonly key: string;
  readonly bucket: 'inbox' | 'state';
  readonly use: InputUse;
}

/** The version of it that lies there now. */
export interface FurtherUpload {
  readonly versionId: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly uploadedAt: Date;
  /** Its first bytes. */
  readonly head: Uint8Array;
}

export interface FoundFile {
  readonly file: FurtherFile;
  readonly upload: FurtherUpload | undefined;
}

/** Caption files are read whole into memory; those of a long film have a quarter of a megabyte. */
const CAPTIONS_MAX_BYTES = 5 * 1024 ** 2;
const IMAGE_MAX_BYTES = 20 * 1024 ** 2;

/** Key of a file that a manifest names: in the folder of the video, or from the top of the inbox after a slash. */
export function resolveKey(name: string, videoKey: string): string {
  if (name.startsWith('/')) return name.slice(1);
  return `${videoKey.slice(0, videoKey.lastIndexOf('/') + 1)}${name}`;
}

/** The files that a manifest names. */
export function namedFiles(manifest: Manifest, videoKey: string): FurtherFile[] {
  const file = (id: string, pointer: string, named: { name: string; use: InputUse }): FurtherFile => ({
    id,
    pointer,
    key: resolveKey(named.name, videoKey),
    bucket: 'inbox',
    use: named.use,
  });
  return [
    ...(manifest.captions ?? []).map(({ file: name, ...label }, index) =>
      file(`captions/${index}`, `/captions/${index}/file`, { name, use: { kind: 'captions', ...label } }),
    ),
    ...(manifest.watermark === undefined
      ? []
      : [file('watermark', '/watermark', { name: manifest.watermark, use: { kind: 'watermark' } })]),
    ...PLACES.flatMap(place =>
      namesOf(manifest[place]).map((name, index) => {
        const pointer = typeof manifest[place] === 'string' ? `/${place}` : `/${place}/${index}`;
        return file(`${place}/${index}`, pointer, { name, use: { kind: 'part', place } });
      }),
    ),
  ];
}

const PLACES: readonly Place[] = ['intro', 'outro'];

function namesOf(named: Manifest['intro']): readonly string[] {
  return typeof named === 'string' ? [named] : (named ?? []);
}

/** The images that a preset names. */
export function presetFiles({ outputs }: Preset): FurtherFile[] {
  return watermarkIds(outputs)
    .filter(id => id.startsWith(PRESET_IMAGE))
    .map(id => ({
      id,
      pointer: '',
      key: `presets/images/${id.slice(PRESET_IMAGE.length)}`,
      bucket: 'state',
      use: { kind: 'watermark' },
    }));
}

const PRESET_IMAGE = 'watermark/';
const CAPTION_FILE = /\.(?:srt|vtt|ass|ssa)$/i;
const IMAGE_FILE = /\.(?:png|jpe?g|webp)$/i;

/** Whether a key is that of a file that only others can make use of. */
export function isFurtherFile(key: string): boolean {
  return CAPTION_FILE.test(key) || IMAGE_FILE.test(key);
}

/** Captions that are named after their video: `<video key>.<language>.srt`, also `.<language>.forced.srt` and `.sdh.srt`. */
export function captionsBeside(
  key: string,
): { readonly videoKey: string; readonly label: CaptionLabel } | undefined {
  if (!CAPTION_FILE.test(key)) return undefined;
  const parts = key.replace(CAPTION_FILE, '').split('.');
  const last = parts.at(-1)?.toLowerCase() ?? '';
  const kind = ['forced', 'sdh', 'cc'].includes(last) ? last : undefined;
  const language = parts.at(kind === undefined ? -1 : -2) ?? '';
  const videoKey = parts.slice(0, kind === undefined ? -1 : -2).join('.');
  if (!LANGUAGE_PATTERN.test(language) || videoKey === '' || videoKey.endsWith('/')) return undefined;
  return {
    videoKey,
    label: {
      language: languageTag(language),
      default: false,
      forced: kind === 'forced',
      hearingImpaired: kind !== undefined && kind !== 'forced',
    },
  };
}

/** Those of the keys that are captions of the video by their names and that the manifest does not name anyway. */
export function filesBeside(
  keys: readonly string[],
  { videoKey, named }: { videoKey: string; named: readonly FurtherFile[] },
): FurtherFile[] {
  const known = new Set(named.map(({ key }) => key));
  return keys.flatMap(key => {
    const beside = known.has(key) ? undefined : captionsBeside(key);
    if (beside?.videoKey !== videoKey) return [];
    const use = { kind: 'captions' as const, ...beside.label };
    return [
      { id: `beside/${key.slice(videoKey.length + 1)}`, pointer: '', key, bucket: 'inbox' as const, use },
    ];
  });
}

/** What is wrong with the files as they lie there, and with naming them for this preset. */
export function furtherProblems(
  found: readonly FoundFile[],
  { preset, settings }: { preset: { name: string; content: Preset } | undefined; settings: Settings },
): Problem[] {
  return [
    ...found.flatMap(({ file, upload }) => {
      const problem = upload === undefined ? missing(file, settings) : wrongContent(file, upload, settings);
      return problem === undefined ? [] : [{ pointer: file.pointer, value: file.key, fix: problem }];
    }),
    ...(preset === undefined ? [] : useless(found, preset)),
  ];
}

function missing({ key, bucket }: FurtherFile, { pairingMinutes }: Settings): string {
  return bucket === 'state'
    ? `There is no ${key} in the state bucket. Upload the image there, or correct video.watermark.image in the preset.`
    : `There is no ${key} in the inbox, and none came within ${pairingMinutes} minutes. Upload it under this key, or correct the name: it is looked for in the folder of the video, or, after a slash, from the top of the bucket. Then upload the manifest again.`;
}

function wrongContent(
  { key, use }: FurtherFile,
  { sizeBytes, head }: FurtherUpload,
  settings: Settings,
): string | undefined {
  if (use.kind === 'part') return uploadProblems({ videoKey: key, sizeBytes }, head, settings)[0]?.fix;
  const limit = use.kind === 'captions' ? CAPTIONS_MAX_BYTES : IMAGE_MAX_BYTES;
  if (sizeBytes === 0) return `${key} is empty. Upload it again.`;
  if (sizeBytes > limit)
    return `It has ${(sizeBytes / 1024 ** 2).toFixed(1)} MiB; at most ${limit / 1024 ** 2} MiB are taken. Upload a smaller file.`;
  return use.kind === 'captions' || sniffImage(head) !== undefined
    ? undefined
    : 'By its first bytes it is no PNG, JPEG or WebP picture. Upload one, or name another file.';
}

function useless(
  found: readonly FoundFile[],
  { name, content }: { name: string; content: Preset },
): Problem[] {
  const named = (kind: InputUse['kind']): FurtherFile | undefined =>
    found.find(({ file }) => file.use.kind === kind && file.pointer !== '')?.file;
  const captions = named('captions');
  const watermark = named('watermark');
  const wantsWatermark = watermarkIds(content.outputs).includes('watermark');
  return [
    ...(captions === undefined || content.outputs.some(takesCaptions)
      ? []
      : [
          {
            pointer: '/captions',
            value: captions.key,
            fix: `Nothing that the preset "${name}" makes takes captions. Use a preset that does, such as web-captions, or remove this.`,
          },
        ]),
    ...(watermark === undefined || wantsWatermark
      ? []
      : [
          {
            pointer: '/watermark',
            value: watermark.key,
            fix: `The preset "${name}" puts no image of the manifest on anything. Use a preset that does, such as web-watermark, or remove this.`,
          },
        ]),
    ...(wantsWatermark && watermark === undefined
      ? [
          {
            pointer: '/watermark',
            fix: `The preset "${name}" puts an image on its videos. Name one in the manifest, as {"watermark": "logo.png"}, or in the preset.`,
          },
        ]
      : []),
  ];
}
