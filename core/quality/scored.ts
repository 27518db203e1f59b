import type { TreeFacts } from '../report';
import type { Score } from './score';

/** What is told of a finished file, with how good each of its pictures came out. */
export interface Scored {
  readonly score?: Score | undefined;
  readonly tree?: TreeFacts | undefined;
}

/**
 * A file of an output with the scores of its pictures: its own, or those of the sizes of an adaptive output.
 * @param scoreOf by the id of the rendition
 */
export function withScores<Made extends Scored>(
  made: Made,
  outputName: string,
  scoreOf: (renditionId: string) => Score | undefined,
): Made {
  const { tree } = made;
  if (tree === undefined) {
    const score = scoreOf(outputName);
    return score === undefined ? made : { ...made, score };
  }
  const rungs = tree.rungs.map(rung => {
    const score = scoreOf(`${outputName}@${rung.name}`);
    return score === undefined ? rung : { ...rung, score };
  });
  return { ...made, tree: { ...tree, rungs } };
}
