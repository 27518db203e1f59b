import type { Probe } from '../probe';
import type { Failure } from '../report';
import { sourceFailure } from '../source-failure';

/** A failure of a further file of the source, which says which of the files it is about. */
export function ofPart(fileName: string, failure: Failure): Failure {
  return { ...failure, message: `${fileName}: ${failure.message}` };
}

/** Why a file can't be shown before or after the main source; undefined when it can. */
export function unusablePart(probe: Probe, needsPicture: boolean): Failure | undefined {
  if (probe.video === undefined && probe.audio === undefined) {
    return sourceFailure('SOURCE_UNREADABLE', {
      message: `The file has neither picture nor sound that can be decoded; found: ${probe.found}.`,
      fix: 'Export it again as MP4 (H.264, AAC) and upload that, then the manifest.',
    });
  }
  if (probe.video === undefined && needsPicture) {
    return sourceFailure('PART_HAS_NO_VIDEO', {
      message: `The file has no picture, which it needs to be shown before or after one; found: ${probe.found}.`,
      fix: 'Make a video of it, with a still picture for example, or remove it from the manifest.',
    });
  }
  return undefined;
}

/** What came out is not as long as the parts together: nothing is published then. */
export function inexactJoin(fileName: string, madeSeconds: number, wantedSeconds: number): Failure {
  return {
    code: 'JOIN_INEXACT',
    message: `${fileName} lasts ${madeSeconds.toFixed(2)} s, the files that it was joined from ${wantedSeconds.toFixed(2)} s.`,
    fix: 'Export the files again as MP4 (H.264, AAC). If it happens again, report it as a bug.',
    retryable: false,
    blame: 'service',
  };
}
