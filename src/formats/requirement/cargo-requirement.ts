import type { Interval, Order } from './affected-ranges.ts';
import { overlap } from './affected-ranges.ts';

/** SemVer's next version above a release is the lowest pre-release of its next patch, above a pre-release one more part. */
export const cargoOrder: Order = {
  scheme: 'semver',
  next: (version) => {
    const [release = '', ...rest] = version.split('+')[0]?.split('-') ?? [];
    if (rest.length > 0) return `${release}-${rest.join('-')}.0`;
    const [major = '0', minor = '0', patch = '0'] = release.split('.');
    return `${major}.${minor}.${BigInt(patch) + 1n}-0`;
  },
};

/**
 * The versions that a requirement of Cargo covers: comparators with commas, `^1.2` where none is written, `*` all (Cargo
 * book, "Specifying dependencies"). Pre-releases are taken in order, as RustSec does. Undefined when it is none; an empty
 * list when its parts exclude each other.
 */
export function cargoRequirement(text: string): readonly Interval[] | undefined {
  const parts = text.split(',').map((part) => comparator(part.trim()));
  let whole: Interval | undefined = { from: null, to: null };
  for (const part of parts) {
    if (part === undefined) return undefined;
    whole = whole === undefined ? undefined : overlap(whole, part, cargoOrder);
  }
  return whole === undefined ? [] : [whole];
}

const COMPARATOR =
  /^(\^|~|=|>=?|<=?|)\s*(0|[1-9][0-9]{0,15})(?:\.(0|[1-9][0-9]{0,15}|\*))?(?:\.(0|[1-9][0-9]{0,15}|\*))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

function comparator(text: string): Interval | undefined {
  if (text === '*') return { from: null, to: null };
  const [, operator = '', major = '', ...rest] = COMPARATOR.exec(text) ?? [];
  if (major === '') return undefined;
  const [minor, patch] = rest.slice(0, 2).map((part) => (part === '*' ? undefined : part));
  const isWild = text.includes('*');
  const version = { major, minor, patch, pre: rest[2] };
  switch (operator) {
    case '>':
      return { from: after(version), to: null };
    case '>=':
      return { from: before(full(version)), to: null };
    case '<':
      return { from: null, to: before(full(version)) };
    case '<=':
      return { from: null, to: after(version) };
    case '=':
      return { from: before(full(version)), to: after(version) };
    case '~':
      return { from: before(full(version)), to: before(above(version, minor === undefined ? 0 : 1)) };
    default:
      return {
        from: before(full(version)),
        to: before(isWild ? above(version, wildPlace(version)) : caretEnd(version)),
      };
  }
}

interface Partial {
  readonly major: string;
  readonly minor: string | undefined;
  readonly patch: string | undefined;
  readonly pre: string | undefined;
}

function full({ major, minor = '0', patch = '0', pre }: Partial): string {
  return `${major}.${minor}.${patch}${pre === undefined ? '' : `-${pre}`}`;
}

function before(version: string): Interval['from'] {
  return { version, side: 'before' };
}

/** `> 1.2` is above every 1.2.x. */
function after(version: Partial): Interval['from'] {
  if (version.minor === undefined) return before(above(version, 0));
  if (version.patch === undefined) return before(above(version, 1));
  return { version: full(version), side: 'after' };
}

/** The lowest pre-release of the next version in a place: 0 major, 1 minor, 2 patch. */
function above({ major, minor = '0', patch = '0' }: Partial, place: 0 | 1 | 2): string {
  const numbers = [major, minor, patch].map(BigInt);
  const next = numbers.map((each, index) => (index < place ? each : index === place ? each + 1n : 0n));
  return `${next.join('.')}-0`;
}

function wildPlace({ minor }: Partial): 0 | 1 {
  return minor === undefined ? 0 : 1;
}

/** The left-most number that is not zero may not change. */
function caretEnd(version: Partial): string {
  const { major, minor, patch } = version;
  if (major !== '0' || minor === undefined) return above(version, 0);
  if (minor !== '0' || patch === undefined) return above(version, 1);
  return above(version, 2);
}
