/** What a file says of itself and a preset may keep. */
export interface SourceTags {
  readonly title: string | undefined;
  /** ISO 8601. */
  readonly creationTime: string | undefined;
}

/** Longest title that is kept, in characters. */
const LONGEST_TITLE = 500;

/** Reads the tags of a file; what could not be written into another as it stands is left out. */
export function readTags(tags: Readonly<Record<string, string>>): SourceTags {
  // Matroska writes them in capitals.
  const find = (name: string): string | undefined =>
    Object.entries(tags).find(([key]) => key.toLowerCase() === name)?.[1];
  const title = find('title')
    ?.replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TITLE);
  const creationTime = find('creation_time');
  return {
    title: title === '' ? undefined : title,
    creationTime:
      creationTime !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(creationTime)
        ? creationTime
        : undefined,
  };
}
