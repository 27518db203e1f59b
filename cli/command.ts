/** Where a command prints. Text goes out as it is: line breaks are the caller's. */
export interface Output {
  /** Results, on standard output: what a script may read. */
  write(text: string): void;
  /** Progress and faults, on standard error. */
  error(text: string): void;
}

/** One word after `spotreel`. Its code is in `commands/<name>.ts`. */
export interface Command {
  readonly name: string;
  /** A line for the list of commands. */
  readonly summary: string;
  /** What `spotreel <name> --help` prints. */
  readonly usage: string;
  /** Commands of which the first argument names one. Absent: it takes its arguments itself. */
  readonly actions?: readonly Command[];
  /**
   * @param args what follows the name
   * @returns exit code: 0 done; 1 it could not be done or what was looked at is not in order; 2 wrongly asked
   * @throws UsageError when wrongly asked, and any other error with a message for people when it can't be done
   */
  run(args: string[], out: Output): Promise<number>;
}
