/** What was found out about one thing that a deployment needs. */
export interface Finding {
  readonly kind: 'ok' | 'wrong' | 'unknown';
  readonly text: string;
  /** What to do about it; there for all that is not in order. */
  readonly fix?: string;
}

export const ok = (text: string): Finding => ({ kind: 'ok', text });
export const wrong = (text: string, fix: string): Finding => ({ kind: 'wrong', text, fix });

/** For people: a line for each finding, its fix below it. */
export function findingLines(findings: readonly Finding[]): string[] {
  const marks = { ok: 'ok     ', wrong: 'mend   ', unknown: 'unknown' };
  return findings.flatMap(({ kind, text, fix }) => [
    `  ${marks[kind]}  ${text}`,
    ...(fix === undefined ? [] : [`           ${fix}`]),
  ]);
}
