import { matchesGlob } from 'node:path';
import type { TestContext } from 'node:test';
import { Failure } from '../../src/core/failure.ts';
import type { AdvisoryRecord } from '../../src/core/match/advisory.ts';
import { parseFeedJson } from '../../src/formats/feed-json.ts';
import { parseFeedYaml } from '../../src/formats/feed-yaml.ts';
import { parseOsv } from '../../src/formats/osv/parse-osv.ts';
import { parseRubysec } from '../../src/formats/rubysec/parse-rubysec.ts';
import { parseRustsec } from '../../src/formats/rustsec/parse-rustsec.ts';
import { fixtureFiles } from './fixtures.ts';

type Read = (bytes: Uint8Array, name: string) => AdvisoryRecord;

const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');
const osv = (json: unknown, name: string): AdvisoryRecord => parseOsv(json, { name, source: 'osv', observedAt });

const SETS: readonly (readonly [archive: string, pattern: string, read: Read])[] = [
  ['govulndb-osv', 'data/osv/*.json', (bytes, name) => osv(parseFeedJson(bytes, name), name)],
  ['pypa', 'vulns/**/*.yaml', (bytes, name) => osv(parseFeedYaml(bytes, name), name)],
  ['rubysec', 'gems/**/*.yml', (bytes, name) => parseRubysec(parseFeedYaml(bytes, name), { name })],
  ['rustsec', 'crates/**/*.md', (bytes, name) => parseRustsec(bytes, { name })],
];

/**
 * Records of the databases of languages that lie here, by id and aliases: those that name an id which the text names too.
 * Undefined where they do not lie here.
 */
export function languageRecords(t: TestContext, text: string): ((id: string) => readonly AdvisoryRecord[]) | undefined {
  const wanted = new Set(text.match(IDS));
  const byId = new Map<string, AdvisoryRecord[]>();
  for (const [archive, pattern, read] of SETS) {
    const files = fixtureFiles(t, `advisories/${archive}`);
    if (files === undefined) return undefined;
    for (const [name, bytes] of files) {
      if (!matchesGlob(name, pattern)) continue;
      if (
        bytes
          .toString()
          .match(IDS)
          ?.some((id) => wanted.has(id)) !== true
      )
        continue;
      const record = readOr(() => read(bytes, name));
      for (const id of record === undefined ? [] : [record.id, ...record.aliases]) {
        const known = byId.get(id);
        if (known === undefined) byId.set(id, [record as AdvisoryRecord]);
        else known.push(record as AdvisoryRecord);
      }
    }
  }
  return (id) => byId.get(id) ?? [];
}

/** What tells ids of CVE and GitHub apart; RubySec writes them without what comes before. */
const IDS = /[0-9]{4}-[0-9]{4,}|[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}/g;

/** What cannot be used is for other tests to name. */
function readOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
