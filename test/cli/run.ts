import { main } from '../../cli/spotreel';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `spotreel` in this process. */
export async function spotreel(...args: string[]): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const code = await main(args, {
    write: text => void (stdout += text),
    error: text => void (stderr += text),
  });
  return { code, stdout, stderr };
}
