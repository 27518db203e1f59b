import { toSourceFacts } from '../core/probe';
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
  try {
    return await doWork(new Workbench(assignment), known);
  } catch (error) {
    if (assignment.stop.aborted) return { kind: 'returned' };
    return {
      kind: 'failed',
      failure: failureOf(error, assignment.gate.failure),
      ...(known.source === undefined ? {} : { source: toSourceFacts(known.source) }),
    };
  }
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
