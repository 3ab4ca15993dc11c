import type { AptSource } from '../../formats/deb/apt-sources.ts';

/** What a machine says about itself (os-release(5)). */
export interface Machine {
  /** `debian`, `ubuntu`. */
  readonly id: string;
  /** `bookworm`; empty where none is stated. */
  readonly codename: string;
}

/** Where one suite comes from. */
export interface SuiteSource {
  /** As asked for. */
  readonly suite: string;
  /** Whether the user lists this very suite; otherwise a listed one lent its address and keys. */
  readonly listed: boolean;
  readonly source: AptSource;
}

/**
 * The entry for any suite of Debian, from the entries that the user has: a suite that is listed uses its own, a
 * security suite the place of the listed security suite, every other one the place of the archive. Undefined where no
 * entry is Debian's.
 */
export function deriveSource(suite: string, machine: Machine, sources: readonly AptSource[]): SuiteSource | undefined {
  const usable = sources.filter((each) => each.enabled && each.types.includes('deb') && each.uris.length > 0);
  const entries = usable.filter((each) => isDebian(each, machine, usable));
  const best = (fits: (suite: string) => boolean) => bestOf(entries, fits, machine, usable);
  const own = best((listed) => spellings(suite).includes(listed));
  if (own !== undefined) return { suite, listed: true, source: narrowed(own.source, own.suite, true) };
  const lender = isSecurity(suite) ? best(isSecurity) : best((listed) => isArchive(listed, machine));
  if (lender === undefined) return undefined;
  return { suite, listed: false, source: narrowed(lender.source, spellings(suite)[0] ?? suite, false) };
}

/** Names that Debian gives to its releases, and of those a user may still build for. */
const CLASSES = ['stable', 'oldstable', 'oldoldstable', 'testing', 'unstable', 'sid', 'experimental'];
const CODENAMES = ['buster', 'bullseye', 'bookworm', 'trixie', 'forky', 'duke'];

function isSecurity(suite: string): boolean {
  return suite.endsWith('-security') || suite.endsWith('/updates');
}

function isArchive(suite: string, machine: Machine): boolean {
  return (
    CLASSES.includes(suite) || CODENAMES.includes(suite) || (machine.id === 'debian' && suite === machine.codename)
  );
}

/** A security suite has two names, of which the archive uses the first: `buster/updates` came before `bullseye-security`. */
function spellings(suite: string): readonly string[] {
  if (!isSecurity(suite)) return [suite];
  const release = suite.replace(/-security$|\/updates$/, '');
  const names = [`${release}-security`, `${release}/updates`];
  return /^(jessie|stretch|buster)$/.test(release) ? names.toReversed() : names;
}

/**
 * Others offer suites by the same names (`stable main`, `bookworm main`), and sit in the same folder. On a Debian
 * machine its own codename with `main` is enough; anything else must show that it is an archive of Debian.
 */
function isDebian(source: AptSource, machine: Machine, all: readonly AptSource[]): boolean {
  if (source.components.length > 0 && !source.components.includes('main')) return false;
  const releases = source.suites.map((suite) => suite.replace(/-[a-z-]+$|\/updates$/, ''));
  if (!releases.some((release) => isArchive(release, machine))) return false;
  const isOwn = machine.id === 'debian' && releases.includes(machine.codename);
  return isOwn || likeness(source, all) > 0;
}

/** How much an entry looks like the archive: its keys first, then what else lies at its address, then the address. */
function likeness(source: AptSource, all: readonly AptSource[]): number {
  const keys = /(^|\/)debian-archive-/.test(source.signedBy ?? '') ? 4 : 0;
  const beside = all
    .filter((each) => each.uris.some((uri) => source.uris.includes(uri)))
    .flatMap((each) => each.suites)
    .some((suite) => /-(updates|backports|security)$|\/updates$/.test(suite));
  const address = source.uris.some((uri) => /\/debian(-security)?\/?$/.test(uri)) ? 1 : 0;
  return keys + (beside ? 2 : 0) + address;
}

function bestOf(
  entries: readonly AptSource[],
  fits: (suite: string) => boolean,
  machine: Machine,
  all: readonly AptSource[],
): { readonly source: AptSource; readonly suite: string } | undefined {
  let best: { readonly source: AptSource; readonly suite: string; readonly rank: number } | undefined;
  for (const source of entries) {
    const suites = source.suites.filter(fits);
    const suite = suites.find((each) => each.startsWith(machine.codename)) ?? suites[0];
    if (suite === undefined) continue;
    // The codename decides between entries that look alike; otherwise the first one wins, as with apt.
    const rank = 2 * likeness(source, all) + (suite.startsWith(machine.codename) ? 1 : 0);
    if (best === undefined || rank > best.rank) best = { source, suite, rank };
  }
  return best;
}

/**
 * One suite at one address, with its sources. Whether its date counts is the entry's word where the user lists the
 * suite; for others an index past its date is told, not refused: they may have no successor (experimental rests for
 * weeks, an old release for ever).
 */
function narrowed(source: AptSource, suite: string, listed: boolean): AptSource {
  const isRolling = /^(sid|unstable|experimental)$/.test(suite);
  return {
    enabled: true,
    types: ['deb', 'deb-src'],
    // Apt would only point at files of this machine, which may change later.
    uris: source.uris.slice(0, 1).map((uri) => uri.replace(/^file:/, 'copy:')),
    suites: [suite],
    components: source.components.length === 0 ? ['main'] : source.components,
    signedBy: source.signedBy,
    checkValidUntil: listed && !isRolling ? source.checkValidUntil : false,
  };
}
