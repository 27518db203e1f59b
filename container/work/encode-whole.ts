import { toSourceFacts } from '../../core/probe';
import type { Outcome } from '../reporter';
import { makeOutputs, storeAll } from './make-outputs';
import type { Known } from './known';
import type { Workbench } from './workbench';

/** Everything from the probe of the source to the stored outputs. */
export async function encodeWhole(bench: Workbench, known: Known): Promise<Outcome> {
  known.source = await bench.probeSource();
  const made = await makeOutputs(bench, bench.assignment.order.outputs, known.source);
  known.source = await bench.checkDurations(known.source, made);
  return { kind: 'finished', source: toSourceFacts(known.source), outputs: await storeAll(bench, made) };
}
