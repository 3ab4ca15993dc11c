import { asciiKey, numberKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Order of Debian versions, `[epoch:]upstream[-revision]` (Debian Policy 5.6.12): runs of other characters and runs of
 * digits in turn, `~` before the end, the end before letters, letters before everything else. A missing epoch is 0, a
 * missing revision equals 0.
 */
export const debOrder: VersionOrder = {
  place: (version) => {
    const { epoch, upstream, revision } = splitDeb(version);
    return { key: numberKey(epoch) + partKey(upstream) + partKey(revision), isValid: isValidDeb(version) };
  },
  /** Debian marks what precedes a release with `~` in the upstream part: `2.0~rc1-1`; `~deb12u1` is a revision's. */
  isPrerelease: (version) => /~(?:alpha|beta|rc|pre|dev|a[0-9]|b[0-9])/i.test(splitDeb(version).upstream),
};

export function isValidDeb(version: string): boolean {
  return /^(?:[0-9]+:)?[0-9A-Za-z][0-9A-Za-z.+~:-]*$/.test(version.trim());
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
  const end = '\x02\x20\x02';
  if (/^0*$/.test(part)) return end;
  let key = '';
  for (let at = 0; at < part.length; ) {
    for (; at < part.length && !isDigit(part, at); at += 1) key += characterKey(part[at] ?? '');
    const start = at;
    while (isDigit(part, at)) at += 1;
    key += `\x02${numberKey(part.slice(start, at))}`;
  }
  return key + end;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function characterKey(character: string): string {
  if (character === '~') return '\x01';
  const isLetter = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
  return (isLetter ? '\x03' : '\x04') + asciiKey(character);
}
