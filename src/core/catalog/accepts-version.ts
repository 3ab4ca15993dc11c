import type { Recipe } from './catalog.ts';

/** Whether a recipe's update filter takes a version: it follows its upstream, the version is of its stream, and not ignored. */
export function acceptsVersion({ update }: Recipe, version: string): boolean {
  return (
    update.enabled &&
    version.startsWith(update.versionPrefix) &&
    !update.ignore.some((pattern) => new RegExp(pattern).test(version))
  );
}
