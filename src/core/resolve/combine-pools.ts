import { compareVersions } from '../version/compare.ts';
import type { AvailablePackage, PackagePool } from './available-package.ts';

/**
 * Several suites as one pool, with the packages built here before all others. The same version in two suites stays twice,
 * the earlier pool's first: where the file of one cannot be had, the other's may be.
 */
export function combinePools(pools: readonly PackagePool[], preferred: readonly AvailablePackage[] = []): PackagePool {
  const named = remembering((name) => {
    const own = preferred.filter((one) => one.name === name);
    const rest = pools.flatMap((pool) => pool.named(name));
    const isOwn = (one: AvailablePackage): boolean => one.suite === 'own';
    return [...own, ...rest.filter(isOwn)]
      .toSorted(newestFirst)
      .concat(rest.filter((one) => !isOwn(one)).toSorted(newestFirst));
  });
  const providing = remembering((name) => [
    ...preferred.filter((one) => one.provides.some((provided) => provided.name === name)),
    ...pools.flatMap((pool) => pool.providing(name)),
  ]);
  return { named, providing };
}

/** Equal versions keep their places: `toSorted` is stable. */
function newestFirst(a: AvailablePackage, b: AvailablePackage): number {
  return compareVersions('deb', b.version, a.version);
}

/** A search asks for the same few hundred names over and over. */
function remembering(
  ask: (name: string) => readonly AvailablePackage[],
): (name: string) => readonly AvailablePackage[] {
  const answers = new Map<string, readonly AvailablePackage[]>();
  return (name) => {
    const known = answers.get(name);
    if (known !== undefined) return known;
    const answer = ask(name);
    answers.set(name, answer);
    return answer;
  };
}
