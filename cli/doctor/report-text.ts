import { formatTable } from '../table';
import type { Finding } from './check';
import type { Examined } from './examine';

const SAID: Readonly<Record<Finding['status'], string>> = {
  ok: 'ok',
  warning: 'warning',
  missing: 'MISSING',
  unknown: 'unknown',
};

/** All findings as a table, then what to do about those that are not in order. */
export function reportText(examined: readonly Examined[], place: { readonly region?: string }): string {
  const told = examined.filter(({ fix }) => fix !== undefined);
  return [
    place.region === undefined
      ? 'This machine, for the local cloud'
      : `This machine, and AWS in ${place.region}`,
    '',
    formatTable(
      ['check', 'status', 'found'],
      examined.map(({ check, status, found }) => [check, SAID[status], found]),
    ),
    '',
    ...told.map(({ check, fix }) => `${check}: ${fix ?? ''}`),
    ...(told.length === 0 ? [] : ['']),
    conclusion(examined),
    '',
  ].join('\n');
}

function conclusion(examined: readonly Examined[]): string {
  const count = (wanted: Finding['status']): number =>
    examined.filter(({ status }) => status === wanted).length;
  const [missing, unknown] = [count('missing'), count('unknown')];
  const unsure = unknown === 0 ? '' : ` ${unknown} could not be looked at.`;
  return missing === 0 ? `Nothing that is needed is missing.${unsure}` : `${missing} missing.${unsure}`;
}
