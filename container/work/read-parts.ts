import { tailOf, withTail } from '../../core/duration-check';
import { planPartCheck } from '../../core/join/check-plan';
import type { FurtherPart } from '../../core/join/join';
import { needsPicture } from '../../core/join/join';
import { ofPart, unusablePart } from '../../core/join/part-failure';
import type { OrderInput } from '../../core/order';
import type { Probe } from '../../core/probe';
import { beyondLimits } from '../../core/source-limits';
import { probeSource, probeTail } from '../media/examine';
import { failureOf, OrderFailure } from '../order-failure';
import type { WholenessBench } from './wholeness';
import { refuseCutOff, refuseHoles } from './wholeness';
import type { Workbench } from './workbench';

/** The main source and what is shown before and after it, with the lengths that they really have. */
export interface ReadParts {
  readonly main: Probe;
  readonly further: readonly FurtherPart[];
}

/** Whether an order has files that are shown before or after its source. */
export function hasParts({ assignment }: Workbench): boolean {
  return assignment.order.inputs.some(({ use }) => use?.kind === 'part');
}

/**
 * Examines all files of the source. What comes of them is put together by their lengths, so each is read to its end,
 * and those beside the main one are decoded once more: within a long whole nobody would notice that one is broken.
 * @throws OrderFailure naming the file that can't be used
 */
export async function readParts(bench: Workbench, source: Probe): Promise<ReadParts> {
  const { order, gate } = bench.assignment;
  await refuseCutOff(bench, source);
  const main = await measureEnds(bench, gate.url, source);
  const further: FurtherPart[] = [];
  for (const input of order.inputs) {
    if (input.use?.kind !== 'part') continue;
    const { id: inputId, fileName } = input;
    const { place } = input.use;
    further.push({ inputId, fileName, place, probe: await readPart(bench, input, main) });
  }
  return { main, further };
}

async function readPart(bench: Workbench, { id, fileName }: OrderInput, main: Probe): Promise<Probe> {
  const { order, parts } = bench.assignment;
  const isShown = main.video !== undefined && order.outputs.some(needsPicture);
  try {
    const probe = await probeSource(bench.examining(parts.url(id)));
    const failure = unusablePart(probe, isShown) ?? beyondLimits(order.outputs, probe);
    if (failure !== undefined) throw new OrderFailure(failure);
    const url = parts.url(id);
    const own: WholenessBench = {
      readSource: range => bench.readSource(range, url),
      missingShare: () => bench.missingShare(url),
      get sawDamage() {
        return bench.sawDamage;
      },
    };
    await refuseCutOff(own, probe);
    const measured = await measureEnds(bench, url, probe);
    await bench.ffmpeg(planPartCheck(probe), { inputId: id });
    await refuseHoles(own, probe);
    return measured;
  } catch (error) {
    throw new OrderFailure(ofPart(fileName, failureOf(error, undefined)));
  }
}

async function measureEnds(bench: Workbench, url: string, probe: Probe): Promise<Probe> {
  const check = withTail(probe, await probeTail(bench.examining(url), probe, tailOf(probe)));
  if (check.kind === 'truncated') throw new OrderFailure(check.failure);
  return check.source;
}
