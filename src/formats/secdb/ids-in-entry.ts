/** Names of one vulnerability, or of several where an entry lists several CVE ids; all that an entry is good for. */
export interface EntryIds {
  readonly cves: readonly string[];
  /** `XSA-224`, `TALOS-2017-0499`, `GHSA-…`, `wnpa-sec-2019-01`. */
  readonly others: readonly string[];
}

/**
 * The ids in one entry of a secdb. They are written by hand: with remarks in brackets, `CVE_2019-2426`, `CVE 2018-16859`,
 * `CVE-2017-17434-1` for one of several patches, and `CVE-????-?????` where none was given yet.
 */
export function idsInEntry(entry: string): EntryIds {
  const words = entry
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\bCVE[ _](?=[0-9]{4}-)/g, 'CVE-')
    .split(/[\s,;]+/);
  const cves = words.flatMap((word) => /^CVE-[0-9]{4}-[0-9]{4,19}(?![0-9])/.exec(word) ?? []);
  const others = words.filter((word) => !word.startsWith('CVE') && OTHER_ID.test(word));
  return { cves: [...new Set(cves)], others: [...new Set(others)] };
}

const OTHER_ID = /^(?:GHSA(?:-[0-9a-z]{4}){3}|[A-Za-z]{2,20}(?:-[A-Za-z]{1,20}){0,2}-[0-9]{1,10}(?:-[0-9]{1,10})?)$/;
