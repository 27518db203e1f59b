import type { Problem } from '../core/problem';

/** `/outputs/0/name = X: what to write instead` */
export function describeProblem({ pointer, value, fix }: Problem): string {
  return `  ${pointer === '' ? '(whole)' : pointer}${value === undefined ? '' : ` = ${value}`}: ${fix}`;
}
