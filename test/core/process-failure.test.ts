import type { ProcessEnd } from '../../core/process-failure';
import { classifyProcess } from '../../core/process-failure';

const END: ProcessEnd = { command: 'ffmpeg', exitCode: 1, signal: null, durationMs: 12.4, stderrTail: '' };

describe('classifyProcess', () => {
  it.each<[string, Partial<ProcessEnd>, string, boolean, string]>([
    [
      'a full disk',
      { stderrTail: 'av_interleaved_write_frame(): No space left on device' },
      'DISK_FULL',
      false,
      'limit',
    ],
    ['a missing filter', { stderrTail: "No such filter: 'zscale'" }, 'FFMPEG_INCOMPLETE', false, 'service'],
    [
      'too many pixels',
      { stderrTail: 'Picture size 16000x16000 exceeds specified max pixel count 35389440' },
      'SOURCE_PICTURE_TOO_LARGE',
      false,
      'source',
    ],
    [
      'a playlist',
      { stderrTail: "Format not on whitelist 'mov'" },
      'SOURCE_FORMAT_NOT_ACCEPTED',
      false,
      'source',
    ],
    [
      'a playlist that ffmpeg 7.1 passes over',
      {
        stderrTail:
          'Not detecting m3u8/hls with non standard extension and non standard mime type\nmoov atom not found',
      },
      'SOURCE_FORMAT_NOT_ACCEPTED',
      false,
      'source',
    ],
    [
      'garbage',
      { command: 'ffprobe', stderrTail: 'moov atom not found' },
      'SOURCE_UNREADABLE',
      false,
      'source',
    ],
    ['ffprobe without a word', { command: 'ffprobe' }, 'SOURCE_UNREADABLE', false, 'source'],
    ['too little memory', { stderrTail: 'Cannot allocate memory' }, 'OUT_OF_MEMORY', false, 'limit'],
    [
      'a file that claims too much',
      { command: 'ffprobe', stderrTail: 'error reading header\nCannot allocate memory' },
      'SOURCE_UNREADABLE',
      false,
      'source',
    ],
    [
      'metadata without end',
      { command: 'ffprobe', exitCode: null, signal: 'SIGKILL', stopReason: 'outputTooLarge' },
      'SOURCE_UNREADABLE',
      false,
      'source',
    ],
    [
      'damage, whatever else is said',
      { exitCode: 69, stderrTail: 'Invalid data found when processing input' },
      'SOURCE_DAMAGED',
      false,
      'source',
    ],
    [
      'a file that ends within a frame',
      { exitCode: 0, sourceIsCutOff: true },
      'SOURCE_TRUNCATED',
      false,
      'source',
    ],
    ['the out-of-memory killer', { exitCode: null, signal: 'SIGKILL' }, 'PROCESS_KILLED', true, 'service'],
    ['a crash', { exitCode: null, signal: 'SIGSEGV' }, 'ENCODER_CRASHED', true, 'service'],
    ['an unknown exit', {}, 'ENCODE_FAILED', false, 'source'],
    ['a program that is not there', { exitCode: null }, 'PROCESS_NOT_STARTED', true, 'service'],
    ['a stall', { exitCode: 255, stopReason: 'stall' }, 'ENCODE_STALLED', true, 'service'],
    ['the time limit', { exitCode: 255, stopReason: 'wallClock' }, 'TIME_LIMIT', false, 'limit'],
    [
      'too large an output',
      { exitCode: 255, stopReason: 'outputTooLarge' },
      'OUTPUT_TOO_LARGE',
      false,
      'limit',
    ],
  ])('knows %s', (_title, ...[end, code, retryable, blame]) => {
    expect(classifyProcess({ ...END, ...end })).toMatchObject({ code, retryable, blame });
  });

  it('keeps how the process ended', () => {
    expect(classifyProcess({ ...END, stopReason: 'stall', stderrTail: 'last words' }).process).toEqual({
      command: 'ffmpeg',
      exitCode: 1,
      signal: null,
      timedOut: true,
      durationMs: 12,
      stderrTail: 'last words',
    });
  });
});
