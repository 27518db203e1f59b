import { decideCut } from '../../core/chunk-plan';
import { WHOLE } from '../../core/excerpt';
import { expectedDurationSeconds } from '../../core/expected-duration';
import { joinSources } from '../../core/join/join';
import { inexactJoin } from '../../core/join/part-failure';
import { trimGroups } from '../../core/join/trim-groups';
import type { Probe } from '../../core/probe';
import { lastingSeconds } from '../../core/probe';
import { toSourceFacts } from '../../core/source-facts';
import { beyondLimits } from '../../core/source-limits';
import type { Split } from '../../core/work';
import type { MadeFile } from '../made-files';
import { OrderFailure } from '../order-failure';
import type { Outcome } from '../reporter';
import type { Known } from './known';
import { makeOutputs, storeAll } from './make-outputs';
import { readParts } from './read-parts';
import { refuseHoles } from './wholeness';
import type { Workbench } from './workbench';

/** Seconds by which an output may be shorter than its parts: the last frame of a sound codec. */
const TOLERANCE_SECONDS = 0.25;

/** The outputs of a source that others are shown before and after: never cut, and each from one decode of all files. */
export async function encodeJoined(
  bench: Workbench,
  known: Known,
  { source, split }: { source: Probe; split: Split | undefined },
): Promise<Outcome> {
  const { outputs } = bench.assignment.order;
  const { main, further } = await readParts(bench, source);
  const whole = joinSources(main, further, { outputs, excerpt: WHOLE });
  known.source = whole;
  const tooMuch = beyondLimits(outputs, whole);
  if (tooMuch !== undefined) throw new OrderFailure(tooMuch);
  bench.assignment.onSource(whole);
  const made: MadeFile[] = [];
  for (const group of trimGroups(outputs)) {
    const joined = joinSources(main, further, { outputs, excerpt: group.excerpt });
    const files = await makeOutputs(bench, group.outputs, joined);
    files.forEach(file => checkLength(file, joined));
    made.push(...files);
  }
  await refuseHoles(bench, main);
  const isLong = split !== undefined && decideCut(outputs, whole, split).kind !== 'short';
  return {
    kind: 'finished',
    source: toSourceFacts(whole),
    outputs: await storeAll(bench, made),
    ...(isLong ? { wholeBecause: 'It is encoded together with what is shown before and after it.' } : {}),
  };
}

/** The parts are known to be whole, so that whatever is shorter than they are lacks something. */
function checkLength({ output, probe, fileName }: MadeFile, joined: Probe): void {
  const wanted = expectedDurationSeconds(toSourceFacts(joined), output);
  const lasts = probe && lastingSeconds(probe);
  if (wanted === undefined || lasts === undefined) return;
  const tolerance = TOLERANCE_SECONDS + 1 / (joined.video?.frameRate ?? Number.POSITIVE_INFINITY);
  if (lasts < wanted - tolerance) throw new OrderFailure(inexactJoin(fileName, lasts, wanted));
}
