import { compareVersions } from '../version/compare.ts';

/** A package that a line or recipe asks for by name: `expat`, `expat<2.6`, `expat~2.5`. */
export interface WantedPackage {
  readonly name: string;
  readonly bound: WantedBound | null;
}

export interface WantedBound {
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | '~';
  /** With revision it speaks of one Debian build, without of the upstream version alone. */
  readonly version: string;
}

/**
 * Whether a Debian version is within a bound, in Debian order. People write bounds in upstream's versions, so what the
 * bound leaves out is left out of the version as well: `<2.6` admits 2.5.0-1+deb12u2, `=2.5.0` too, `<2` admits 1:1.2-3.
 */
export function meetsBound(version: string, bound: WantedBound): boolean {
  const compared = comparable(version, bound.version);
  const order = compareVersions('deb', compared, bound.version);
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
      return continues(compared, bound.version);
  }
}

function comparable(version: string, bound: string): string {
  const inEpoch = /^[0-9]+:/.test(bound) ? version : version.replace(/^[0-9]+:/, '');
  const dash = bound.includes('-') ? -1 : inEpoch.lastIndexOf('-');
  return dash < 0 ? inEpoch : inEpoch.slice(0, dash);
}

/** `1.2` is continued by `1.2.1`, `1.2+dfsg` and `1.2~rc1`, not by `1.20`: a run of digits or letters must have ended. */
function continues(version: string, bound: string): boolean {
  if (!version.startsWith(bound)) return false;
  const border = version.slice(bound.length - 1, bound.length + 1);
  return !/^(?:[0-9]{2}|[A-Za-z]{2})$/.test(border);
}
