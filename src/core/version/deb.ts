import { numberKey } from './sort-key.ts';

/**
 * Order of Debian versions, `[epoch:]upstream[-revision]` (Debian Policy 5.6.12): runs of other characters and runs of
 * digits in turn, `~` before the end, the end before letters, letters before everything else. A missing epoch is 0, a
 * missing revision equals 0.
 */
export function debKey(version: string): string {
  const { epoch, upstream, revision } = splitDeb(version);
  return numberKey(epoch) + partKey(upstream) + partKey(revision);
}

export function isValidDeb(version: string): boolean {
  return /^(?:[0-9]+:)?[0-9A-Za-z][0-9A-Za-z.+~:-]*$/.test(version.trim());
}

/** Debian marks what precedes a release with `~` in the upstream part: `2.0~rc1-1`; `~deb12u1` is a revision's. */
export function isDebPrerelease(version: string): boolean {
  return /~(?:alpha|beta|rc|pre|dev|a[0-9]|b[0-9])/i.test(splitDeb(version).upstream);
}

function splitDeb(version: string): { epoch: string; upstream: string; revision: string } {
  const text = version.trim();
  const epoch = /^([0-9]+):/.exec(text)?.[1];
  const rest = epoch === undefined ? text : text.slice(epoch.length + 1);
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch: epoch ?? '0', upstream: rest, revision: '' }
    : { epoch: epoch ?? '0', upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Ends by an empty run and a zero: what a part that is missing, or only zero, looks like. */
function partKey(part: string): string {
  let key = '';
  if (/^0+$/.test(part)) return partKey('');
  for (const [, other = '', digits = ''] of part.matchAll(/([^0-9]*)([0-9]*)/g)) {
    if (other === '' && digits === '') break;
    key += otherKey(other) + numberKey(digits);
  }
  return `${key}\x02${numberKey('')}\x02`;
}

function otherKey(run: string): string {
  return `${Array.from(run, characterKey).join('')}\x02`;
}

function characterKey(character: string): string {
  if (character === '~') return '\x01';
  if (/[A-Za-z]/.test(character)) return `\x03${character}`;
  return `\x04${character}`;
}
