import { decideCut, planChunks } from '../../core/chunk-plan';
import type { Probe } from '../../core/probe';
import { toSourceFacts } from '../../core/probe';
import type { Split } from '../../core/work';
import type { Outcome } from '../reporter';
import type { Known } from './known';
import { makeOutputs, storeAll } from './make-outputs';
import type { Workbench } from './workbench';

/** Everything from the probe of the source to the stored outputs; of a source that is to be cut, the plan of it. */
export async function encodeWhole(
  bench: Workbench,
  known: Known,
  split: Split | undefined,
): Promise<Outcome> {
  const source = await bench.probeSource();
  known.source = source;
  const cut = split === undefined ? undefined : await planCut(bench, source, split);
  if (cut?.kind === 'chunks') {
    const { chunks, chunkFiles } = cut;
    return { kind: 'planned', source: toSourceFacts(source), chunks, chunkFiles };
  }
  const made = await makeOutputs(bench, bench.assignment.order.outputs, source);
  known.source = await bench.checkDurations(source, made);
  return {
    kind: 'finished',
    source: toSourceFacts(known.source),
    outputs: await storeAll(bench, made),
    ...(cut === undefined ? {} : { wholeBecause: cut.reason }),
  };
}

/** Undefined for a source that is not long enough. */
async function planCut(
  bench: Workbench,
  probe: Probe,
  split: Split,
): Promise<ReturnType<typeof planChunks> | undefined> {
  const decision = decideCut(bench.assignment.order.outputs, probe, split);
  switch (decision.kind) {
    case 'short':
      return undefined;
    case 'whole':
      return decision;
    case 'cut': {
      const table = await bench.readPacketTable(decision.part.video.index);
      return planChunks(decision.part, { probe, table, split });
    }
  }
}
