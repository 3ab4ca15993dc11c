import { semverOrder } from './semver.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Order of Go versions: modules use SemVer with `v`, where a pseudo-version precedes the release it counts towards
 * (go.dev/ref/mod#pseudo-versions); the toolchain writes `go1.25rc1`, which the vulnerability database calls
 * `1.25.0-rc.1`, and adds the experiments that it was built with (`go1.22.1 X:boringcrypto`), which do not count. Neither
 * does `+incompatible`.
 */
export const goOrder: VersionOrder = {
  place: (version) => semverOrder.place(asSemver(version)),
  /** Release candidates and pseudo-versions: no release of the author's. */
  isPrerelease: (version) => semverOrder.isPrerelease(asSemver(version)),
};

/** `vX.0.0-yyyymmddhhmmss-abcdefabcdef` and its forms that count from an earlier tag. */
export function isPseudoVersion(version: string): boolean {
  return /^v?[0-9]+\.[0-9]+\.[0-9]+-(?:[0-9A-Za-z.-]*\.)?[0-9]{14}-[0-9a-f]{12}(?:\+incompatible)?$/.test(version);
}

function asSemver(version: string): string {
  const toolchain = /^(?:go)?([0-9]+(?:\.[0-9]+)*)(?:(beta|rc)([0-9]+))?(?: X:[\w,]+)?$/.exec(version);
  if (toolchain === null) return version;
  const [, numbers = '', word, count] = toolchain;
  return word === undefined ? numbers : `${numbers}-${word}.${count}`;
}
