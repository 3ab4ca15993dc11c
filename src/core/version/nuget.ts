import { precedenceKey, readSemver, semverOrder } from './semver.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * NuGet's order (learn.microsoft.com/nuget/concepts/package-versioning): SemVer with up to four numbers, of which
 * those that are missing are 0, and pre-release labels without regard to case.
 */
export const nugetOrder: VersionOrder = {
  place: (version) => {
    const parts = readSemver(version.toLowerCase());
    if (parts === undefined || parts.numbers.length > 4) return undefined;
    const numbers = [...parts.numbers, '0', '0', '0'].slice(0, 4);
    return { key: precedenceKey({ ...parts, numbers }), isValid: true };
  },
  isPrerelease: (version) => semverOrder.isPrerelease(version),
};
