import { identifiersKey, precedenceKey, readSemver, semverOrder } from './semver.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * SemVer in which build metadata counts: a build is higher than the release without, and builds compare as
 * pre-releases do. So order Pub (dart.dev/tools/pub/versioning) and Julia, whose rebuilt libraries are `1.2.3+1`.
 */
export const pubOrder: VersionOrder = {
  place: (version) => {
    const parts = readSemver(version);
    if (parts === undefined) return undefined;
    const build = parts.build === undefined ? '\x01' : `\x02${identifiersKey(parts.build)}`;
    return { key: precedenceKey(parts) + build, isValid: true };
  },
  isPrerelease: (version) => semverOrder.isPrerelease(version),
};
