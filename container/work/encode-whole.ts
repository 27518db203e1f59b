import type { ChunkPlan } from '../../core/chunk-plan';
import { decideCut, planChunks } from '../../core/chunk-plan';
import type { Probe } from '../../core/probe';
import { toSourceFacts } from '../../core/source-facts';
import type { Split } from '../../core/work';
import type { VideoRendition } from '../../core/video-rendition';
import { chooseCrfs } from '../quality/choose-crfs';
import type { Outcome } from '../reporter';
import type { Known } from './known';
import { encodeJoined } from './encode-joined';
import { makeOutputs, storeAll } from './make-outputs';
import { hasParts } from './read-parts';
import { refuseCutOff, refuseHoles } from './wholeness';
import type { Workbench } from './workbench';

/** Everything from the probe of the source to the stored outputs; of a source that is to be cut, the plan of it. */
export async function encodeWhole(
  bench: Workbench,
  known: Known,
  split: Split | undefined,
): Promise<Outcome> {
  const source = await bench.probeSource();
  known.source = source;
  await refuseCutOff(bench, source);
  if (hasParts(bench)) return encodeJoined(bench, known, { source, split });
  const cut = split === undefined ? undefined : await planCut(bench, source, split);
  if (cut?.kind === 'chunks') {
    const { chunkFiles } = cut;
    const crfs = await chooseCrfs(bench, cut.renditions, source);
    const told = crfs.size === 0 ? {} : { crfs: Object.fromEntries(crfs) };
    const chunks = cut.chunks.map(chunk => ({ ...chunk, ...told }));
    return { kind: 'planned', source: toSourceFacts(source), chunks, chunkFiles };
  }
  bench.assignment.onSource(source);
  const made = await makeOutputs(bench, bench.assignment.order.outputs, source);
  await refuseHoles(bench, source);
  known.source = await bench.checkDurations(source, made);
  return {
    kind: 'finished',
    source: toSourceFacts(known.source),
    outputs: await storeAll(bench, made),
    ...(cut === undefined ? {} : { wholeBecause: cut.reason }),
  };
}

type Cut =
  | (Extract<ChunkPlan, { kind: 'chunks' }> & { readonly renditions: readonly VideoRendition[] })
  | Extract<ChunkPlan, { kind: 'whole' }>;

/** Undefined for a source that is not long enough. */
async function planCut(bench: Workbench, probe: Probe, split: Split): Promise<Cut | undefined> {
  const decision = decideCut(bench.assignment.order.outputs, probe, split);
  switch (decision.kind) {
    case 'short':
      return undefined;
    case 'whole':
      return decision;
    case 'cut': {
      const table = await bench.readPacketTable(decision.part.video.index);
      await refuseHoles(bench, probe);
      const plan = planChunks(decision.part, { probe, table, split });
      return plan.kind === 'chunks' ? { ...plan, renditions: decision.part.renditions } : plan;
    }
  }
}
