import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourcesOf, synthPipeline } from '../support/synth-pipeline';

const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
const standing = synthPipeline();
const perJobNat = synthPipeline({ network: 'perJobNat' });

/** The deployment that has it. */
const pipelineWith = (start: string) => (start.startsWith('PipelineNetwork') ? perJobNat : standing);

/** Resources that the runbook's commands ask for: `queue NAME`, `logs NAME` and `resources TYPE NAME`. */
function askedFor(): { type: string; start: string }[] {
  const named = (pattern: RegExp, type: string) =>
    [...runbook.matchAll(pattern)].map(([, start = '']) => ({ type, start }));
  const byType = [...runbook.matchAll(/resources (AWS::\w+::\w+) (Pipeline\w*)/g)].map(
    ([, type = '', start = '']) => ({ type, start }),
  );
  const ofStages = ['Intake', 'Completion', 'TaskState', 'Sweep'].map(part => ({
    type: 'AWS::Logs::LogGroup',
    start: `Pipeline${part}`,
  }));
  return [
    ...named(/queue (Pipeline\w+)/g, 'AWS::SQS::Queue'),
    ...named(/logs (Pipeline\w+)/g, 'AWS::Logs::LogGroup'),
    ...byType,
    ...ofStages,
  ];
}

describe('the commands of the runbook', () => {
  it('ask for many things', () => {
    expect(askedFor().length).toBeGreaterThan(15);
  });

  it.each(askedFor())('find exactly one $type by $start', ({ type, start }) => {
    const found = resourcesOf(pipelineWith(start), type).filter(({ logicalId }) =>
      logicalId.startsWith(start),
    );
    expect(found.map(({ logicalId }) => logicalId)).toHaveLength(1);
  });

  it('ask for outputs that the stack has', () => {
    const outputs = [...runbook.matchAll(/(?:\$\(|`)output (\w+)/g)].map(([, name = '']) => name);
    expect(outputs.length).toBeGreaterThan(2);
    for (const name of outputs) expect(Object.keys(standing.template.findOutputs('*'))).toContain(name);
  });
});
