import { semverOrder } from './semver.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * SemVer of the component that Bitnami packages. The revision behind it (`2.3.1-4`, `2.3.1-r4`, `2.3.1-debian-12-r4`)
 * counts Bitnami's own builds: its advisories name versions without one, and SemVer would take it for a pre-release.
 */
export const bitnamiOrder: VersionOrder = {
  place: (version) => semverOrder.place(withoutRevision(version)),
  isPrerelease: (version) => semverOrder.isPrerelease(withoutRevision(version)),
};

function withoutRevision(version: string): string {
  return REVISED.exec(version.trim())?.[1] ?? version;
}

const REVISED = /^(v?[0-9]+(?:\.[0-9]+)*)-(?:(?:debian|photon|ol|centos)-[0-9]+-)?r?[0-9]+$/;
