import { planSound, soundParts } from '../../core/assembly-plan';
import { cutPart } from '../../core/cut-part';
import { toSourceFacts } from '../../core/source-facts';
import type { OutputFacts } from '../../core/report';
import type { Outcome } from '../reporter';
import type { Known } from './known';
import { findOut, makeOutputs, storeAll } from './make-outputs';
import type { Workbench } from './workbench';

/** What is not cut: the sound of the outputs that are, and all other outputs as they go to the user. */
export async function encodeRest(bench: Workbench, known: Known): Promise<Outcome> {
  const { order } = bench.assignment;
  const source = await bench.probeSource();
  known.source = source;
  const part = cutPart(order.outputs, source);
  if (part === undefined) throw new Error('No output of the order has a moving picture');
  const findings = await findOut(bench, part.outputs, source);
  const sound = planSound(part, { probe: source, findings });
  const outputs: OutputFacts[] = [];
  if (sound !== undefined) {
    await bench.ffmpeg(sound);
    for (const output of part.outputs) {
      for (const { fileName } of soundParts(output, source))
        outputs.push(await bench.storePart(fileName, { name: output.name }));
    }
  }
  const made = await makeOutputs(bench, part.others, source);
  known.source = await bench.checkDurations(source, made);
  outputs.push(...(await storeAll(bench, made)));
  return { kind: 'finished', source: toSourceFacts(known.source), outputs };
}
