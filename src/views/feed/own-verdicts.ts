import type { Obligation } from '../../core/promise/standing.ts';
import { compareVersions, isValidVersion } from '../../core/version/compare.ts';
import type { FeedWorld, OwnPackage } from './feed-facts.ts';

/** What our ledger says about every version of one of our packages that was ever in a confirmed image. */
export interface OwnVerdicts {
  readonly package: OwnPackage;
  /** In the order of versions. */
  readonly versions: readonly { readonly version: string; readonly isAffected: boolean }[];
}

/** A vulnerability with all obligations that it makes, over all lines, and what it does to our packages. */
export interface Judged {
  readonly vulnerability: string;
  readonly obligations: readonly Obligation[];
  readonly verdicts: readonly OwnVerdicts[];
}

/**
 * Every vulnerability that touches or touched a package of ours. A version is affected when an image that held it was
 * exposed by it; no range of anybody else is repeated here.
 */
export function judgedVulnerabilities(world: FeedWorld): readonly Judged[] {
  const pastOf = new Map(world.lines.map(({ line, past }) => [line, past]));
  const published = new Set(world.lines.flatMap(({ past }) => past.flatMap(({ packages }) => packages)));
  const own = [...published].flatMap((full) => world.own.get(full) ?? []);
  const byName = Map.groupBy(own, ({ name }) => name);
  const all = world.lines.flatMap((line) => line.obligations);
  return [...Map.groupBy(all, (obligation) => obligation.vulnerability)].flatMap(([vulnerability, obligations]) => {
    const touched = new Set(obligations.flatMap(({ claims }) => claims.flatMap((claim) => claim.packages)));
    const packages = [...touched].flatMap((name) => byName.get(name) ?? []);
    if (packages.length === 0) return [];
    const affected = affectedVersions(obligations, pastOf);
    return [{ vulnerability, obligations, verdicts: verdictsOf(packages, affected) }];
  });
}

type Past = FeedWorld['lines'][number]['past'];

/** `name=version` of what was in an image while it was exposed. */
function affectedVersions(obligations: readonly Obligation[], pastOf: ReadonlyMap<string, Past>): ReadonlySet<string> {
  const affected = new Set<string>();
  for (const { line, claims, standing } of obligations) {
    if (standing === 'not-affected') continue;
    for (const { packages, architectures } of claims) {
      const exposures = architectures.flatMap((each) => each.exposures);
      const held = (pastOf.get(line) ?? []).filter(({ at }) =>
        exposures.some(({ from, to }) => isWithin(at, from, to)),
      );
      for (const full of held.flatMap((one) => one.packages)) {
        if (packages.includes(full.slice(0, full.indexOf('=')))) affected.add(full);
      }
    }
  }
  return affected;
}

function verdictsOf(packages: readonly OwnPackage[], affected: ReadonlySet<string>): readonly OwnVerdicts[] {
  return [...Map.groupBy(packages, ({ name, format }) => `${format} ${name}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, all]) => {
      const [first] = all;
      if (first === undefined) return [];
      const versions = all
        .map(({ version }) => version)
        .toSorted((a, b) => inOrder(first.format, a, b))
        .map((version) => ({ version, isAffected: affected.has(`${first.name}=${version}`) }));
      return [{ package: first, versions }];
    });
}

/** Its own name, and its recipe's: what scanners know as the origin or source package. */
export function namesOf({ name, recipe }: OwnPackage): readonly string[] {
  return [...new Set([name, recipe])];
}

function isWithin(at: Temporal.Instant, from: Temporal.Instant, to: Temporal.Instant | null): boolean {
  // A confirmation is dated by a whole second, exposures by its latest point.
  const afterStart = Temporal.Instant.compare(at.add({ seconds: 1 }), from) >= 0;
  return afterStart && (to === null || Temporal.Instant.compare(at.add({ seconds: 1 }), to) < 0);
}

function inOrder(scheme: 'apk' | 'deb', a: string, b: string): number {
  if (isValidVersion(scheme, a) && isValidVersion(scheme, b)) return compareVersions(scheme, a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}
