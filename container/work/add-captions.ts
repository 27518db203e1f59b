import { writeFile } from 'node:fs/promises';
import { addedFileNames, planAddition, withAdded } from '../../core/captions/add-captions';
import { captionsBeyondEnd } from '../../core/captions/caption-failure';
import { cutCues } from '../../core/captions/cue';
import type { CaptionTrack } from '../../core/captions/track';
import { isSameTrack, isShown, shownExcerpt, trackFiles } from '../../core/captions/track';
import { writeWebVtt } from '../../core/captions/web-vtt';
import { excerptOf } from '../../core/excerpt';
import { joinedCaptions } from '../../core/join/joined-captions';
import { partsSeconds } from '../../core/join/parts-of-facts';
import { withoutTrim } from '../../core/join/trim-groups';
import { outputFileName } from '../../core/output-files';
import type { OrderInput } from '../../core/order';
import type { CaptionsOutput, PresetOutput, VideoOutput } from '../../core/preset';
import type { CaptionFacts, OutputFacts } from '../../core/report';
import type { Work } from '../../core/work';
import { readCaptionFile } from '../captions';
import { fetchInput } from '../download';
import type { MadeFile } from '../made-files';
import { OrderFailure } from '../order-failure';
import type { Outcome } from '../reporter';
import { addToLadder } from './add-to-ladder';
import { storeAll } from './make-outputs';
import type { Workbench } from './workbench';

type Addition = Extract<Work, { kind: 'add-captions' }>;

/** Adds captions to outputs that were published before. The source is not read, and nothing is encoded. */
export async function addCaptions(bench: Workbench, work: Addition): Promise<Outcome> {
  const { source } = work;
  const tracks = await readTracks(bench, work);
  const all = withAdded(
    source.captions ?? [],
    tracks.map(({ facts }) => facts),
  );
  const made: MadeFile[] = [];
  const stored: OutputFacts[] = [];
  for (const output of bench.assignment.order.outputs) {
    const placed = { work, tracks: placedIn(output, tracks, source) };
    const wanted = source.parts === undefined ? output : withoutTrim(output);
    const ladder = work.ladders.find(({ outputName }) => outputName === output.name);
    if (wanted.kind === 'adaptive' && ladder !== undefined) {
      const added = { ladder, tracks: placed.tracks, shownSeconds: shownOf(source) };
      stored.push(...(await addToLadder(bench, wanted, added)));
    }
    if (wanted.kind === 'captions') made.push(...(await writeFiles(bench, wanted, { ...placed, all })));
    const published = work.published.find(({ outputName }) => outputName === output.name);
    if (wanted.kind === 'video' && published !== undefined)
      made.push(await remux(bench, wanted, { ...placed, published }));
  }
  return {
    kind: 'finished',
    source: { ...source, captions: all },
    outputs: [...stored, ...(await storeAll(bench, made))],
  };
}

async function readTracks(bench: Workbench, { captionIds, source }: Addition): Promise<CaptionTrack[]> {
  const seconds = shownOf(source) - partsSeconds(source);
  const tracks: CaptionTrack[] = [];
  for (const id of captionIds) {
    const input = inputOf(bench, id);
    if (input.use?.kind !== 'captions') throw new Error(`Input ${id} is no caption file`);
    const track = await readCaptionFile(bench, input, input.use);
    if (!isShown(track, seconds)) throw new OrderFailure(captionsBeyondEnd(input.fileName, seconds));
    tracks.push(track);
  }
  return tracks;
}

function shownOf({ video, durationSeconds }: Addition['source']): number {
  return video?.durationSeconds ?? durationSeconds;
}

/** Captions by the time of an output that shows other files before and after the source. */
function placedIn(
  output: PresetOutput,
  tracks: readonly CaptionTrack[],
  source: Addition['source'],
): readonly CaptionTrack[] {
  if (source.parts === undefined) return tracks;
  return joinedCaptions(tracks, {
    introSeconds: partsSeconds(source, 'intro'),
    excerpt: excerptOf(output),
    mainSeconds: shownOf(source) - partsSeconds(source),
  });
}

interface Adding {
  readonly work: Addition;
  readonly tracks: readonly CaptionTrack[];
}

async function writeFiles(
  bench: Workbench,
  output: CaptionsOutput,
  { work, tracks, all }: Adding & { all: readonly CaptionFacts[] },
): Promise<MadeFile[]> {
  const made: MadeFile[] = [];
  const added = tracks.map(({ facts }) => facts);
  for (const { facts, fileName } of addedFileNames(output, all, added)) {
    const cues = tracks.find(track => isSameTrack(track.facts, facts))?.cues ?? [];
    const text = writeWebVtt(cutCues(cues, shownExcerpt(output, shownOf(work.source))));
    await writeFile(bench.path(fileName), text);
    made.push({ output, fileName, captions: [facts] });
  }
  return made;
}

async function remux(
  bench: Workbench,
  output: VideoOutput,
  { work, tracks, published }: Adding & { published: Addition['published'][number] },
): Promise<MadeFile> {
  const added = trackFiles(output, tracks, shownOf(work.source));
  for (const { fileName, text } of added) await writeFile(bench.path(fileName), text);
  const publishedFileName = `_published-${output.name}.${output.container}`;
  await fetchInput(bench, published.inputId, bench.path(publishedFileName));
  await bench.ffmpeg(planAddition(output, { publishedFileName, before: published.captions, added }));
  const fileName = outputFileName(output);
  const facts = added.map(track => track.facts);
  const kept = published.captions.filter(before => !facts.some(other => isSameTrack(before, other)));
  return {
    output,
    fileName,
    probe: await bench.probePath(bench.path(fileName)),
    captions: [...kept, ...facts],
    score: published.score,
  };
}

function inputOf(bench: Workbench, id: string): OrderInput {
  const input = bench.assignment.order.inputs.find(other => other.id === id);
  if (input === undefined) throw new Error(`The order has no input ${id}`);
  return input;
}
