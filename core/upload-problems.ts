import type { CutOff } from './cut-off';
import { findCutOff } from './cut-off';
import type { Problem } from './problem';
import type { Settings } from './settings';
import { sniffContainer } from './sniff';

/**
 * What speaks against an uploaded video before anything is started for it.
 * @param head its first bytes
 */
export function uploadProblems(
  { videoKey, sizeBytes }: { videoKey: string; sizeBytes: number },
  head: Uint8Array,
  settings: Pick<Settings, 'maxSourceGiB'>,
): Problem[] {
  if (sizeBytes === 0)
    return [{ pointer: '', value: '0 bytes', fix: `${videoKey} is empty. Upload the video again.` }];
  if (sizeBytes > settings.maxSourceGiB * 1024 ** 3) {
    return [
      {
        pointer: '',
        value: `${(sizeBytes / 1024 ** 3).toFixed(1)} GiB`,
        fix: `${videoKey} is over the limit of ${settings.maxSourceGiB} GiB. Upload a smaller file, or deploy with a larger maxSourceGiB.`,
      },
    ];
  }
  const cutOff = findCutOff(head, sizeBytes);
  if (cutOff !== undefined) return [cutOffProblem(videoKey, sizeBytes, cutOff)];
  if (sniffContainer(head) === undefined) {
    return [
      {
        pointer: '',
        value: describeHead(head),
        fix: `${videoKey} is not a video or sound file by its first bytes. Upload MP4, MOV, MKV, WebM, AVI, MPEG-TS, MPEG-PS, FLV, WMV, MXF, Ogg, MP3, AAC, WAV or FLAC.`,
      },
    ];
  }
  return [];
}

function cutOffProblem(videoKey: string, sizeBytes: number, { container, announcedBytes }: CutOff): Problem {
  const announced =
    announcedBytes === undefined
      ? 'it ends in the middle of a packet'
      : `its first bytes announce at least ${announcedBytes}`;
  return {
    pointer: '',
    value: `${sizeBytes} bytes`,
    fix: `${videoKey} (${container}) is cut off: ${announced}. Check that it plays to its end, then upload the whole file again.`,
  };
}

function describeHead(head: Uint8Array): string {
  const start = [...head.slice(0, 16)];
  const isText = start.every(byte => byte >= 0x20 && byte < 0x7f);
  return isText
    ? `begins with the text "${String.fromCharCode(...start)}"`
    : `begins with the bytes ${start.map(byte => byte.toString(16).padStart(2, '0')).join(' ')}`;
}
