import { satisfiesBound } from '../../core/version/satisfies-bound.ts';
import type { PackageInfo } from './package-info.ts';

/** A dependency that a set of packages does not meet. */
export interface UnmetDependency {
  readonly package: string;
  /** As written: `so:libz.so.1`, `libfoo>=1.2`, `!bar`. */
  readonly dependency: string;
  /** Versions under which the set has that name, none = not at all. */
  readonly present: readonly string[];
}

type Member = Pick<PackageInfo, 'name' | 'version' | 'dependencies' | 'provides'>;

/**
 * Dependencies of these packages that no package among them meets, by its name or what it provides (apk's forms: `name`,
 * `name=1`, `<`, `<=`, `>`, `>=`, `~`, `!name`; a repository tag `@x` says nothing here).
 */
export function unmetDependencies(packages: readonly Member[]): readonly UnmetDependency[] {
  const offers = offersOf(packages);
  return packages.flatMap((one) =>
    one.dependencies.flatMap((text) => {
      const dependency = parseDependency(text);
      const others = (offers.get(dependency.name) ?? []).filter(
        (offer) => !dependency.conflict || offer.by !== one.name,
      );
      const present = others.some((offer) => satisfies(offer.version, dependency));
      if (present !== dependency.conflict) return [];
      return [
        { package: one.name, dependency: text, present: others.map((offer) => offer.version ?? 'without a version') },
      ];
    }),
  );
}

export interface Dependency {
  readonly name: string;
  readonly conflict: boolean;
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | '~' | null;
  readonly version: string;
}

export function parseDependency(text: string): Dependency {
  const conflict = text.startsWith('!');
  const [untagged = ''] = (conflict ? text.slice(1) : text).split('@');
  const parts = /^([^<>=~]+)([<>=~]+)(.+)$/.exec(untagged);
  const operator = operatorOf(parts?.[2]);
  if (parts === null || operator === null) return { name: untagged, conflict, operator: null, version: '' };
  return { name: parts[1] ?? '', conflict, operator, version: parts[3] ?? '' };
}

interface Offer {
  readonly by: string;
  readonly version: string | null;
}

function offersOf(packages: readonly Member[]): ReadonlyMap<string, readonly Offer[]> {
  const offers = new Map<string, Offer[]>();
  const offer = (name: string, by: string, version: string | null): void => {
    const there = offers.get(name);
    if (there === undefined) offers.set(name, [{ by, version }]);
    else there.push({ by, version });
  };
  for (const one of packages) {
    offer(one.name, one.name, one.version);
    for (const provided of one.provides) {
      const { name, version } = parseDependency(provided);
      offer(name, one.name, version === '' ? null : version);
    }
  }
  return offers;
}

function operatorOf(text: string | undefined): Dependency['operator'] {
  if (text?.includes('~')) return '~';
  return (['=', '<', '<=', '>', '>='] as const).find((operator) => operator === text) ?? null;
}

/** What is provided without a version meets only what asks for none. */
function satisfies(version: string | null, { operator, version: wanted }: Dependency): boolean {
  if (operator === null) return true;
  if (version === null) return false;
  return satisfiesBound(version, { operator, version: wanted });
}
