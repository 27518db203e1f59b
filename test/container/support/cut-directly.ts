import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planArguments } from '../../../container/media/run-ffmpeg';
import { joinPicture, planMux } from '../../../core/assembly-plan';
import type { Chunk } from '../../../core/chunk';
import { planChunkEncode } from '../../../core/chunk-encode-plan';
import { decideCut, planChunks } from '../../../core/chunk-plan';
import type { CutPart } from '../../../core/cut-part';
import { partFileName } from '../../../core/cut-part';
import { planEncode } from '../../../core/encode-plan';
import { PACKET_ENTRIES, PacketTableReader } from '../../../core/packet-table';
import type { VideoOutput } from '../../../core/preset';
import type { Probe } from '../../../core/probe';
import { parseProbe, PROBE_ENTRIES } from '../../../core/read-probe';
import { presetOf } from './workshop';

/** One frame of a picture that was decoded. */
export interface ShownFrame {
  /** The number that it carries. */
  readonly number: number;
  readonly seconds: number;
}

/** The plans of a video that is cut, carried out by ffmpeg itself: without a worker, and with as few processes as will do. */
export class DirectCut {
  readonly #folder = mkdtempSync(join(tmpdir(), 'cut-'));
  readonly source: string;
  readonly probe: Probe;
  readonly output: VideoOutput;

  constructor(name: string, source: Buffer, output: object = {}) {
    this.source = join(this.#folder, name);
    writeFileSync(this.source, source);
    const picture = { speed: 'ultrafast', quality: { crf: 18 } };
    const { outputs } = presetOf([{ kind: 'video', name: 'out', video: picture, ...output }]);
    this.output = outputs[0] as VideoOutput;
    this.probe = parseProbe(ffprobe('-of', 'json', '-show_entries', PROBE_ENTRIES, this.source));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** How it is cut. @throws when it is not */
  plan(chunkSeconds: number): { part: CutPart; chunks: Chunk[] } {
    const split = { aboveSeconds: 0.5, chunkSeconds };
    const decision = decideCut([this.output], this.probe, split);
    if (decision.kind !== 'cut') throw new Error(JSON.stringify(decision));
    const { part } = decision;
    const reader = new PacketTableReader();
    const index = String(part.video.index);
    const entries = ['-of', 'csv=p=0', '-show_entries', PACKET_ENTRIES];
    for (const line of ffprobe('-select_streams', index, ...entries, this.source).split('\n'))
      reader.add(line);
    const plan = planChunks(part, { probe: this.probe, table: reader.table(), split });
    if (plan.kind !== 'chunks') throw new Error(plan.reason);
    return { part, chunks: plan.chunks };
  }

  /** All chunks encoded and put together. */
  inChunks(plan: { part: CutPart; chunks: readonly Chunk[] }): ShownFrame[] {
    return shownFrames(this.join(plan));
  }

  /** Path of the file of all chunks put together. */
  join({ part, chunks }: { part: CutPart; chunks: readonly Chunk[] }): string {
    const [rendition] = part.renditions;
    if (rendition === undefined) throw new Error('Nothing is encoded');
    const picture = joinPicture(rendition, chunks, part);
    for (const { chunk, fileName } of picture.parts) {
      const plan = planChunkEncode(part, chunk, this.probe);
      const args = planArguments(plan, this.source, this.#folder);
      const own = join(this.#folder, partFileName(rendition));
      ffmpeg(...args.map(arg => (arg === own ? join(this.#folder, fileName) : arg)));
    }
    writeFileSync(join(this.#folder, picture.listFileName), picture.list);
    const mux = planMux(this.output, { picture, sound: undefined, tracks: [], probe: this.probe });
    ffmpeg(...planArguments(mux, this.source, this.#folder));
    return join(this.#folder, 'out.mp4');
  }

  /** The same from one process. */
  whole(): ShownFrame[] {
    return shownFrames(this.oneGo());
  }

  /** Path of the file of a whole encode. */
  oneGo(): string {
    const { encode } = planEncode([this.output], this.probe);
    if (encode === undefined) throw new Error('Nothing is encoded');
    ffmpeg(...planArguments(encode, this.source, this.#folder));
    return join(this.#folder, 'out.mp4');
  }

  /** The frames of the source itself, their times counted from the first stream that begins. */
  frames(): ShownFrame[] {
    return shownFrames(this.source);
  }
}

/** Bits of the number that a frame of a coded clip carries. */
const BITS = 8;

/** Decodes a coded clip and reads what its frames carry, and when each is shown. */
export function shownFrames(path: string): ShownFrame[] {
  const { stdout, stderr } = spawnSync('ffmpeg', [
    ...['-nostdin', '-hide_banner', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough'],
    ...['-vf', `showinfo,crop=iw:ih/9:0:ih/18,scale=${BITS}:1:flags=area,format=gray`],
    ...['-f', 'rawvideo', '-'],
  ]);
  const times = [...stderr.toString().matchAll(/\bpts_time:(-?[\d.]+)/g)].map(([, time]) => Number(time));
  return times.map((seconds, frame) => ({
    seconds,
    number: [...stdout.subarray(frame * BITS, (frame + 1) * BITS)].reduce(
      (sum, grey, bit) => sum + (grey > 128 ? 2 ** bit : 0),
      0,
    ),
  }));
}

function ffprobe(...args: string[]): string {
  return execFileSync('ffprobe', ['-v', 'error', ...args], { encoding: 'utf8' });
}

function ffmpeg(...args: string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', ...args]);
  if (status !== 0) throw new Error(stderr.toString());
}
