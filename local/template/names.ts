import type { TemplateResource } from './assembly';

/** The hash that CDK puts at the end of a logical id. */
const HASH = /[0-9A-F]{8}$/;
/** What CDK's constructs call the one thing in them. */
const EMPTY_WORDS = /(?:Bucket|Function|Queue)$/;

/**
 * Names for resources that the template leaves unnamed: the stack's name, and as many of the last words of the
 * logical id, without CDK's hash, as tell the resource from the others of its type.
 */
export class Namer {
  readonly #stackName: string;
  readonly #words = new Map<string, readonly string[]>();

  constructor(stackName: string, resources: Readonly<Record<string, TemplateResource>>) {
    this.#stackName = stackName;
    const byType = new Map<string, string[]>();
    for (const [logicalId, { Type }] of Object.entries(resources)) {
      byType.set(Type, [...(byType.get(Type) ?? []), logicalId]);
    }
    for (const ids of byType.values()) {
      for (const id of ids) this.#words.set(id, tellingWords(id, ids));
    }
  }

  /** Such as `Spotreel-IntakeDlq`. */
  name(logicalId: string): string {
    return `${this.#stackName}-${this.#wordsOf(logicalId).join('')}`;
  }

  /** Such as `spotreel-inbox`: a bucket's name has lower-case letters only, and at most 63 characters. */
  bucketName(logicalId: string): string {
    return [this.#stackName, ...this.#wordsOf(logicalId)].join('-').toLowerCase().slice(0, 63);
  }

  #wordsOf(logicalId: string): readonly string[] {
    return this.#words.get(logicalId) ?? [logicalId];
  }
}

function tellingWords(logicalId: string, ids: readonly string[]): readonly string[] {
  const words = wordsOf(logicalId);
  for (let count = 1; count <= words.length; count += 1) {
    const ending = words.slice(-count).join('').toLowerCase();
    const same = ids.filter(id => wordsOf(id).join('').toLowerCase().endsWith(ending));
    if (same.length === 1) return words.slice(-count);
  }
  return [logicalId];
}

function wordsOf(logicalId: string): string[] {
  const path = logicalId.replace(HASH, '') || logicalId;
  const telling = path.replace(EMPTY_WORDS, '') || path;
  return telling.split(/(?<=[a-z0-9])(?=[A-Z])/);
}
