import type { StoredVersion } from './stored-version';
import { compareUtf8 } from './utf8-order';

/** All versions of a bucket in memory: by key in the order of their UTF-8 bytes, newest version first. */
export class BucketIndex {
  readonly #versions = new Map<string, StoredVersion[]>();
  #keys: string[] = [];

  /** Fills an empty index at once. */
  load(versions: readonly StoredVersion[]): void {
    for (const version of [...versions].sort((a, b) => b.sequence - a.sequence)) {
      const list = this.#versions.get(version.key);
      if (list) list.push(version);
      else this.#versions.set(version.key, [version]);
    }
    this.#keys = [...this.#versions.keys()].sort(compareUtf8);
  }

  /** Makes a version the current one of its key. */
  add(version: StoredVersion): void {
    const list = this.#versions.get(version.key);
    if (list) {
      list.unshift(version);
      return;
    }
    this.#versions.set(version.key, [version]);
    this.#keys.splice(
      this.#position(key => compareUtf8(key, version.key) >= 0),
      0,
      version.key,
    );
  }

  remove(version: StoredVersion): void {
    const rest = this.versions(version.key).filter(other => other !== version);
    if (rest.length > 0) {
      this.#versions.set(version.key, rest);
      return;
    }
    this.#versions.delete(version.key);
    this.#keys.splice(
      this.#position(key => compareUtf8(key, version.key) >= 0),
      1,
    );
  }

  /** Newest first; delete markers included. */
  versions(key: string): readonly StoredVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version, which may be a delete marker. */
  current(key: string): StoredVersion | undefined {
    return this.versions(key)[0];
  }

  /** The first key for which `reached` holds. `reached` must hold for all keys after it, too. */
  firstKey(reached: (key: string) => boolean): string | undefined {
    return this.#keys[this.#position(reached)];
  }

  #position(reached: (key: string) => boolean): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (reached(this.#keys[middle] ?? '')) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
