import { numberKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * PHP's version_compare(), by which Packagist's advisories are ordered: runs of digits and of letters, whatever
 * separates them; any other word < dev < alpha < beta < RC < the end < numbers < pl. As there, a word counts by how it
 * begins, in the case in which it stands here (`BETA` is any other word), and all other words are equal. A leading `v`
 * does not count. Branches (`dev-main`) are no versions.
 */
export const packagistOrder: VersionOrder = {
  place: (version) => ({
    key: `${runsOf(version).map(runKey).join('')}${END}`,
    isValid: /^v?[0-9][0-9a-z.+_~-]*$/i.test(version.trim()),
  }),
  isPrerelease: (version) => runsOf(version).some((run) => /^(?:dev|a|b|rc)/i.test(run)),
};

const OTHER = '\x01';
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^dev/, '\x02'],
  [/^a/, '\x03'],
  [/^b/, '\x04'],
  [/^(?:rc|RC)/, '\x05'],
  [/^p/, '\x08'],
];
const END = '\x06';
const NUMBER = '\x07';

function runsOf(version: string): readonly string[] {
  return (
    version
      .trim()
      .replace(/^v(?=[0-9])/i, '')
      .match(/[0-9]+|[a-z]+/gi) ?? []
  );
}

function runKey(run: string): string {
  if (/^[0-9]/.test(run)) return NUMBER + numberKey(run);
  return WORDS.find(([start]) => start.test(run))?.[1] ?? OTHER;
}
