import type { AdvisoryRecord, AffectedPackage, VersionScheme } from './advisory.ts';
import { onLinux } from './component-verdict.ts';
import { judgeStatements } from './judge-statements.ts';
import { OrderedVersions } from './ordered-versions.ts';
import { Postings } from './postings.ts';

/** What a match needs to know of a thing inside an image: components that agree in it are one. */
export interface DistinctComponent {
  /** Purl without version and qualifiers. */
  readonly upstream: string;
  readonly stream: string;
  readonly scheme: VersionScheme;
  readonly version: string;
}

export interface AffectedImages {
  readonly components: readonly DistinctComponent[];
  /** Of images, each once. */
  readonly lines: readonly string[];
}

/**
 * Who is affected by a new advisory, without a look at every image: distinct components are judged, and an image is no
 * more than a list of their numbers. Says of each component what `verdictOn()` says, on Linux.
 */
export class ReverseIndex {
  readonly #components: DistinctComponent[] = [];
  /** Components of a package in one stream, by their order of versions. */
  readonly #groups = new Map<string, Group[]>();
  readonly #postings = new Postings();

  /** What a line's image holds now; what it held before is forgotten. */
  put(line: string, components: Iterable<DistinctComponent>): void {
    const numbers = new Set<number>();
    for (const component of components) numbers.add(this.#numberOf(component));
    this.#postings.put(line, numbers);
  }

  remove(line: string): void {
    this.#postings.remove(line);
  }

  /** A record that is withdrawn affects nothing. */
  affectedBy(record: Pick<AdvisoryRecord, 'affected' | 'withdrawn'>): AffectedImages {
    const numbers = new Set<number>();
    if (record.withdrawn === null) {
      for (const affected of record.affected) this.#addAffected(affected, numbers);
    }
    const held = [...numbers].filter((number) => this.#postings.isHeld(number) && this.#isAffected(number, record));
    const components = held.flatMap((number) => this.#components[number] ?? []);
    return { components, lines: this.#postings.linesOf(held) };
  }

  /** What stands beside versions and ranges may only take away. */
  #isAffected(number: number, { affected }: Pick<AdvisoryRecord, 'affected'>): boolean {
    const component = this.#components[number];
    if (component === undefined || !affected.some(isNarrowed)) return component !== undefined;
    return judgeStatements(component, affected, onLinux)?.verdict === 'affected';
  }

  #addAffected(stated: AffectedPackage, into: Set<number>): void {
    const { customRanges = [] } = stated;
    const affected = customRanges.length === 0 ? stated : { ...stated, ranges: [...stated.ranges, ...customRanges] };
    for (const group of this.#groups.get(affected.package) ?? []) {
      if (affected.stream !== null && affected.stream !== group.stream) continue;
      group.versions.addAffected(affected, into);
    }
  }

  #numberOf({ upstream, stream, scheme, version }: DistinctComponent): number {
    const { versions } = this.#groupOf(upstream, { stream, scheme });
    return versions.numberOf(version, () => this.#components.push({ upstream, stream, scheme, version }) - 1);
  }

  #groupOf(upstream: string, { stream, scheme }: Omit<Group, 'versions'>): Group {
    const groups = this.#groups.get(upstream) ?? [];
    for (const group of groups) if (group.stream === stream && group.scheme === scheme) return group;
    const group = { stream, scheme, versions: new OrderedVersions(scheme) };
    if (groups.push(group) === 1) this.#groups.set(upstream, groups);
    return group;
  }
}

function isNarrowed({ imports = [], customRanges = [] }: AffectedPackage): boolean {
  return imports.length + customRanges.length > 0;
}

interface Group {
  readonly stream: string;
  readonly scheme: VersionScheme;
  readonly versions: OrderedVersions;
}
