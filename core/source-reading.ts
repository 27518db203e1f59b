import type { Probe } from './probe';
import { parseProbe } from './read-probe';
import { TOO_LARGE_PICTURE } from './process-failure';
import type { Failure } from './report';
import { sourceFailure } from './source-failure';
import { tooLargePicture } from './source-limits';

export type SourceReading =
  | { readonly kind: 'read'; readonly probe: Probe }
  | { readonly kind: 'unreadable'; readonly failure: Failure };

/**
 * What ffprobe's answer about a source means.
 * @param messages what it said beside: it leaves out a picture that is too large, and is content
 */
export function readSource(json: string, messages: string): SourceReading {
  let probe: Probe;
  try {
    probe = parseProbe(json);
  } catch {
    // Only the file itself can have made it print what is no number or no JSON.
    return { kind: 'unreadable', failure: strangeAnswer() };
  }
  if (probe.video === undefined && TOO_LARGE_PICTURE.test(messages))
    return { kind: 'unreadable', failure: tooLargePicture('more pixels than are accepted (8192x4320)') };
  return { kind: 'read', probe };
}

function strangeAnswer(): Failure {
  return sourceFailure('SOURCE_UNREADABLE', {
    message: 'What the file says of itself makes no sense: it is damaged.',
    fix: 'Export it again as MP4 (H.264, AAC) and upload that.',
  });
}
