import { type Alternative, alternativesOf } from './alternatives.ts';
import { accountsWanted } from './accounts-wanted.ts';
import type { DebPackage } from './read-deb.ts';

/** What a package expects its maintainer scripts to do, as far as it can be told without running them. */
export interface MaintainerWork {
  readonly package: string;
  /** Names of its scripts: `postinst`. */
  readonly scripts: readonly string[];
  readonly alternatives: readonly Alternative[];
  /** Calls of update-alternatives that only running the script would understand. */
  readonly alternativesNotUnderstood: number;
  /** Accounts that a script would create. */
  readonly accounts: readonly string[];
  /** Files of sysusers.d(5) that it ships. */
  readonly sysusers: string;
  /** Lines of the master files that base-passwd ships. */
  readonly passwd: string;
  readonly group: string;
  /** Certificates in PEM that ca-certificates would gather into one bundle. */
  readonly certificates: string;
}

/** The contents of PEM files below this folder make the bundle. */
const CERTIFICATES = /^usr\/share\/ca-certificates\/.+\.crt$/;
const SYSUSERS = /^usr\/lib\/sysusers\.d\/[^/]+\.conf$/;

/** Reads it from a package, running nothing. */
export function maintainerWorkOf({ info, scripts, files }: DebPackage): MaintainerWork {
  const postinst = scripts.get('postinst') ?? '';
  const { alternatives, notUnderstood } = alternativesOf(postinst);
  const textOf = (wanted: (path: string) => boolean): string =>
    files.flatMap(({ path, content }) => (content !== undefined && wanted(path) ? [lines(content)] : [])).join('');
  return {
    package: info.name,
    scripts: [...scripts.keys()].toSorted(),
    alternatives,
    alternativesNotUnderstood: notUnderstood,
    accounts: accountsWanted(postinst),
    sysusers: textOf((path) => SYSUSERS.test(path)),
    passwd: textOf((path) => path === 'usr/share/base-passwd/passwd.master'),
    group: textOf((path) => path === 'usr/share/base-passwd/group.master'),
    certificates: textOf((path) => CERTIFICATES.test(path)),
  };
}

function lines(content: Uint8Array): string {
  const text = new TextDecoder().decode(content);
  return text.endsWith('\n') ? text : `${text}\n`;
}
