import type { FfmpegPlan, PlannedFile, SourceInput } from '../encode-plan';
import { cutFilters, seekOptions } from '../excerpt';
import { canSeek } from '../seekable';
import { formatMicroseconds, unitSeconds } from '../time-base';
import type { Join, JoinedPart, JoinedPicture } from './join';
import { mainStartSeconds } from './join';
import type { JoinedSound } from './joined-sound';
import { formFilters, silence, soundFormFilters, soundLengthFilters, timingFilters } from './part-filters';

/** Name of the joined picture in the graph. */
const PICTURE = '[joined]';
/** Share of a frame by which a time may lie after it, from being rounded, and still mean it. */
const ROUNDING = 0.05;
/** Share of a frame by which a seek goes before it, so that a time stamp that was rounded is not missed. */
const SEEK_MARGIN = 0.4;

/**
 * A plan over a joined source as ffmpeg runs it. It was made as if the source were one file, and the streams of that
 * are taken from a graph that reads all parts one after another, in the same process.
 */
export function weave(plan: FfmpegPlan): FfmpegPlan {
  const { join, ...rest } = plan;
  if (join === undefined) return plan;
  const { moreInputs = [] } = plan;
  const reading = planReading(join, { inputOptions: plan.inputOptions, firstInput: 1 + moreInputs.length });
  const sound = new SoundTaps(join);
  const chaptersInput = `${1 + moreInputs.length + reading.inputs.length}`;
  const itsOffset = formatMicroseconds(Math.round(mainStartSeconds(join) * 1_000_000));
  return {
    ...rest,
    inputOptions: reading.mainOptions,
    // The chapters are the main source's, which begins later here.
    sourceInputs: [
      ...reading.inputs,
      ...(plan.files.some(tellsChapters) ? [{ inputId: undefined, options: ['-itsoffset', itsOffset] }] : []),
    ],
    files: plan.files.map(file => ({
      ...file,
      options: sound.tap(withChaptersOf(chaptersInput, file)),
    })),
    filterGraph: [...joinPicture(plan, join, reading.pieces), ...sound.graph(reading.pieces)],
  };
}

/** A part of the join, as far as it is read. */
interface Piece {
  readonly part: JoinedPart;
  /** Number of the part in the join. */
  readonly place: number;
  /** Number of the input. */
  readonly input: number;
  /** Units of the part that are left out before, and that are read. */
  readonly skipped: number;
  readonly units: number;
  /** Unit of the join with which it begins. */
  readonly begins: number;
  /** Second of the file at which it begins. */
  readonly fromSeconds: number;
}

interface Reading {
  readonly mainOptions: readonly string[];
  readonly inputs: readonly SourceInput[];
  readonly pieces: readonly Piece[];
}

function planReading(
  join: Join,
  { inputOptions, firstInput }: { inputOptions: readonly string[]; firstInput: number },
): Reading {
  const { own, from, until } = readWindow(inputOptions, join);
  // A frame of another size must not begin the graph anew: it would forget what it has shown.
  const options = [...own, '-reinit_filter', '0'];
  let mainOptions = options;
  const inputs: SourceInput[] = [];
  const pieces: Piece[] = [];
  let begins = 0;
  join.parts.forEach((part, place) => {
    const skipped = Math.max(0, from - begins);
    const units = Math.min(part.units, until - begins) - skipped;
    if (units > 0) {
      const { further } = part;
      const input = further === undefined ? 0 : firstInput + inputs.length;
      const fromSeconds = beginSeconds(part, skipped, join);
      const seek = canSeek(part.probe) ? seekOptions(fromSeconds) : [];
      if (further === undefined) mainOptions = [...options, ...seek];
      else inputs.push({ inputId: further.inputId, options: [...options, ...seek] });
      pieces.push({ part, place, input, skipped, units, begins: begins + skipped, fromSeconds });
    }
    begins += part.units;
  });
  return { mainOptions, inputs, pieces };
}

/** What of the joined source a plan asks for by options before the input, in units. */
function readWindow(
  inputOptions: readonly string[],
  { parts, rate }: Join,
): { own: readonly string[]; from: number; until: number } {
  const isTime = (index: number): boolean => ['-ss', '-t'].includes(inputOptions[index] ?? '');
  const valueOf = (name: string): number | undefined => {
    const at = inputOptions.lastIndexOf(name);
    return at < 0 ? undefined : Number(inputOptions[at + 1]);
  };
  const all = parts.reduce((sum, { units }) => sum + units, 0);
  const toUnits = (seconds: number): number => Math.ceil((seconds * rate.num) / rate.den - ROUNDING);
  const start = valueOf('-ss') ?? 0;
  const seconds = valueOf('-t');
  const from = Math.min(Math.max(0, toUnits(start)), all - 1);
  return {
    own: inputOptions.filter((_, index) => !isTime(index) && !isTime(index - 1)),
    from,
    until: seconds === undefined ? all : Math.max(from + 1, Math.min(all, toUnits(start + seconds))),
  };
}

function beginSeconds({ excerpt }: JoinedPart, skipped: number, { rate }: Join): number {
  return excerpt.startSeconds + (skipped === 0 ? 0 : unitSeconds(skipped - SEEK_MARGIN, rate));
}

/** Cuts off what could not be left out by a seek. */
function lateStart(kind: 'video' | 'audio', { part, fromSeconds }: Piece): string[] {
  return canSeek(part.probe) ? [] : cutFilters(kind, { startSeconds: fromSeconds }, 0);
}

function joinPicture(plan: FfmpegPlan, join: Join, pieces: readonly Piece[]): string[] {
  const { picture, rate } = join;
  if (picture === undefined) return [...plan.filterGraph];
  const source = `[0:${picture.index}]`;
  if (!plan.filterGraph.some(chain => chain.includes(source))) return [...plan.filterGraph];
  const chains = pieces.map(piece => pictureChain(piece, picture, join));
  const labels = pieces.map(({ place }) => `[joinv${place}]`).join('');
  const frames = pieces.reduce((sum, { units }) => sum + units, 0);
  return [
    ...chains,
    // On the grid again, since times were rounded to microseconds; setpts would make ffmpeg 7 forget the rate.
    `${labels}concat=n=${pieces.length}:v=1:a=0,fps=fps=${rate.num}/${rate.den},trim=end_frame=${frames}${PICTURE}`,
    ...plan.filterGraph.map(chain => chain.replaceAll(source, PICTURE)),
  ];
}

function pictureChain(piece: Piece, picture: JoinedPicture, join: Join): string {
  const { part, input, place, units } = piece;
  const { video } = part.probe;
  if (video === undefined) throw new Error('A part without a picture can not be shown');
  const filters = [
    ...lateStart('video', piece),
    ...timingFilters(video, `${join.rate.num}/${join.rate.den}`),
    // The last frame is held until the part ends.
    'tpad=stop=-1:stop_mode=clone',
    `trim=end_frame=${units}`,
    ...formFilters(video, picture, part.further === undefined),
  ];
  return `[${input}:${video.index}]${filters.join(',')}[joinv${place}]`;
}

/** The places at which files take sound from the join: filters of a stream that comes from a graph belong there. */
class SoundTaps {
  readonly #taps: { readonly sound: JoinedSound; readonly filters: string }[] = [];

  constructor(private readonly join: Join) {}

  /** Options of a file, its sound taken from the join. */
  tap(options: readonly string[]): string[] {
    const tapped = [...options];
    for (const sound of this.join.sounds) {
      const at = tapped.findIndex(
        (option, index) => option === `0:${sound.index}` && tapped[index - 1] === '-map',
      );
      if (at < 0) continue;
      tapped[at] = `[tap${this.#taps.length}]`;
      const filtersAt = tapped.indexOf('-filter:a', at);
      const [, filters = 'anull'] = filtersAt < 0 ? [] : tapped.splice(filtersAt, 2);
      this.#taps.push({ sound, filters });
    }
    return tapped;
  }

  graph(pieces: readonly Piece[]): string[] {
    return this.join.sounds.flatMap(sound => {
      const taps = this.#taps.flatMap((tap, index) => (tap.sound === sound ? [{ ...tap, index }] : []));
      if (taps.length === 0) return [];
      const { index, sampleRateHz } = sound;
      const labels = pieces.map(({ place }) => `[join${index}a${place}]`);
      const begins = taps.map(tap => `[begin${tap.index}]`);
      return [
        ...pieces.map((piece, at) => `${this.#chain(sound, piece)}${labels[at] ?? ''}`),
        [
          `${labels.join('')}concat=n=${pieces.length}:v=0:a=1`,
          `asettb=expr=1/${sampleRateHz}`,
          'asetpts=N/SR/TB',
          `asplit=${taps.length}${begins.join('')}`,
        ].join(','),
        ...taps.map((tap, at) => `${begins[at] ?? ''}${tap.filters}[tap${tap.index}]`),
      ];
    });
  }

  #chain(sound: JoinedSound, piece: Piece): string {
    const { rate } = this.join;
    const sampleAt = (unit: number): number => Math.round(unitSeconds(unit, rate) * sound.sampleRateHz);
    // By where it begins and ends, so that roundings do not add up.
    const samples = sampleAt(piece.begins + piece.units) - sampleAt(piece.begins);
    const stream = sound.streams[piece.place];
    if (stream === undefined) return silence(sound, samples);
    const filters = [
      ...lateStart('audio', piece),
      ...soundFormFilters(sound),
      ...soundLengthFilters(samples),
    ];
    return `[${piece.input}:${stream.index}]${filters.join(',')}`;
  }
}

const MAP_CHAPTERS = '-map_chapters';

function tellsChapters({ options }: PlannedFile): boolean {
  return options[options.indexOf(MAP_CHAPTERS) + 1] === '0';
}

function withChaptersOf(input: string, file: PlannedFile): string[] {
  const options = [...file.options];
  if (tellsChapters(file)) options[options.indexOf(MAP_CHAPTERS) + 1] = input;
  return options;
}
