import { toSourceFacts } from '../core/source-facts';
import type { Failure } from '../core/report';
import type { OrderProgress } from '../core/stop-choice';
import type { GiveUp } from './give-up';
import { giveUpInTime } from './give-up';
import { ofPart } from '../core/join/part-failure';
import { classifyRead } from '../core/source-failure';
import { failureOf } from './order-failure';
import type { Outcome } from './reporter';
import type { Assignment } from './work/assignment';
import { addCaptions } from './work/add-captions';
import { assemble } from './work/assemble';
import { encodeChunk } from './work/encode-chunk';
import { encodeRest } from './work/encode-rest';
import { encodeWhole } from './work/encode-whole';
import type { Known } from './work/known';
import { Workbench } from './work/workbench';

/** Carries out one order, whatever it is about. Never throws. */
export async function carryOut(assignment: Assignment): Promise<Outcome> {
  const known: Known = {};
  const startedAtMs = performance.now();
  let share = 0;
  const onProgress = (percent: number, speed: number): void => {
    share = percent / 100;
    assignment.onProgress(percent, speed);
  };
  const giveUp = giveUpOf(assignment, () => ({
    share,
    elapsedSeconds: (performance.now() - startedAtMs) / 1000,
  }));
  try {
    return await doWork(new Workbench({ ...assignment, onProgress, stop: giveUp.signal }), known);
  } catch (error) {
    if (giveUp.signal.aborted) return { kind: 'returned' };
    return {
      kind: 'failed',
      failure: failureIn(assignment, error),
      ...(known.source === undefined ? {} : { source: toSourceFacts(known.source) }),
    };
  } finally {
    await giveUp.release();
  }
}

function failureIn({ gate, parts }: Assignment, error: unknown): Failure {
  const unread = gate.failure === undefined ? parts.failure : undefined;
  return unread === undefined
    ? failureOf(error, gate.failure)
    : ofPart(unread.fileName, classifyRead(unread.failure));
}

/** A chunk may be finished when there is time left; all else takes too long, or can be made again in no time. */
function giveUpOf({ order, stop }: Assignment, progress: () => OrderProgress): GiveUp {
  return order.work.kind === 'encode-chunk'
    ? giveUpInTime(stop, progress)
    : { signal: stop, release: async () => undefined };
}

async function doWork(bench: Workbench, known: Known): Promise<Outcome> {
  const { work } = bench.assignment.order;
  switch (work.kind) {
    case 'encode-whole':
      return encodeWhole(bench, known, work.split);
    case 'encode-chunk':
      return encodeChunk(bench, known, work.chunk);
    case 'encode-rest':
      return encodeRest(bench, known);
    case 'assemble':
      return assemble(bench, known);
    case 'add-captions':
      return addCaptions(bench, work);
  }
}
