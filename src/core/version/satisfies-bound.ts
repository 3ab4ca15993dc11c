import { matchesApkFuzzily } from './apk.ts';
import { compareVersions } from './compare.ts';

export interface VersionBound {
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | '~';
  readonly version: string;
}

/** Whether a package version is within a bound, in apk's order; `~1.2` means 1.2 and whatever continues it. */
export function satisfiesBound(version: string, bound: VersionBound): boolean {
  const order = compareVersions('apk', version, bound.version);
  switch (bound.operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '~':
      return matchesApkFuzzily(version, bound.version);
  }
}
