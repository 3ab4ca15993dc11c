import { branchOf } from '../../core/match/stream-of.ts';

/**
 * Which branch a version belongs to, where it is known of which upstreams several are kept side by side: those whose recipes
 * are named after a minor number (`vault-1.14`). Elsewhere a module has one branch for each major number, below 1.0 as well:
 * few keep more than one there.
 */
export class KeptBranches {
  readonly #byMinor = new Set<string>();

  keepsMinors(upstream: string): void {
    this.#byMinor.add(upstream);
  }

  of(upstream: string, version: string): string {
    const numbers = this.#byMinor.has(upstream) ? /^[0-9]+\.[0-9]+/ : /^0(?=\.)/;
    return numbers.exec(version)?.[0] ?? branchOf(upstream, version);
  }
}
