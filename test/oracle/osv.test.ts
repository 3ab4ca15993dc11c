import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { judge } from '../../src/core/match/match.ts';
import { parseEpss } from '../../src/formats/epss/parse-epss.ts';
import { parseFeedJson } from '../../src/formats/feed-json.ts';
import { parseKev } from '../../src/formats/kev/parse-kev.ts';
import { rateCvss } from '../../src/formats/osv/rate-cvss.ts';
import { parseOsv } from '../../src/formats/osv/parse-osv.ts';
import { fixtureFolder, fixtureText } from '../support/fixtures.ts';

const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');

function records(folder: string): ReturnType<typeof parseOsv>[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((name) => parseRecord(readFileSync(join(folder, name)), name));
}

function parseRecord(bytes: Uint8Array, name: string): ReturnType<typeof parseOsv> {
  return parseOsv(parseFeedJson(bytes, name), { name, source: 'osv', observedAt });
}

test('parseOsv() reads every record of the Go vulnerability database', (t) => {
  const text = fixtureText(t, 'advisories/govulndb-osv', 'data/osv/*.json');
  if (text === undefined) return;
  const all = text.split(/(?<=\n\})\n?(?=\{\n)/).map((each) => parseRecord(Buffer.from(each), 'govulndb'));
  assert.equal(all.length, 4291);
  const byId = new Map(all.map((record) => [record.id, record]));
  const expectContinue = byId.get('GO-2024-2963')?.affected.find((each) => each.package === 'pkg:golang/stdlib');
  assert.ok(expectContinue !== undefined);
  const affected = all.flatMap((record) => record.affected);
  const imports = affected.flatMap((each) => each.imports ?? []);
  assert.equal(imports.length, 1435);
  assert.equal(imports.filter(({ os }) => os.length > 0).length, 38);
  assert.equal(affected.filter(({ customRanges }) => customRanges !== undefined).length, 589);
  assert.equal(all.filter(({ reviewed }) => reviewed === undefined).length, 0);
  const rows: readonly [string, ReturnType<typeof judge>][] = [
    ['go1.21.11', 'affected'],
    ['go1.21.12', 'not-affected'],
    ['go1.22rc1', 'affected'],
    ['go1.22.4', 'affected'],
    ['go1.22.5', 'not-affected'],
    ['devel', 'indeterminate'],
  ];
  for (const [version, verdict] of rows) assert.equal(judge(expectContinue, version, '1.22'), verdict, version);
});

test("parseOsv() reads the schema's own samples", (t) => {
  const folder = fixtureFolder(t, 'osv-schema');
  if (folder === undefined) return;
  const samples = records(join(folder, 'osv-schema/osv-linter-testdata'));
  assert.equal(samples.length, 12);
  assert.ok(samples.find(({ id }) => id === 'MAL-2024-10238')?.malicious);
  assert.equal(records(join(folder, 'osv-schema/redhat-testdata/OSV')).length, 2);
});

test('rateCvss() scores as the published calculators do: CVSS 2, 3.0, 3.1 and 4.0', (t) => {
  const tables: readonly [string, number][] = [
    ['vectors_simple2', 729],
    ['vectors_simple3', 2592],
    ['vectors_simple31', 2592],
    ['vectors_simple4', 1058],
    ['vectors_supplemental4', 576],
    ['vectors_security4', 54],
    ['vectors_threat4', 6],
  ];
  for (const [file, rows] of tables) {
    const text = fixtureText(t, 'cvss-redhat', `cvss-redhat/${file}`);
    if (text === undefined) return;
    const cases = [...text.matchAll(/^(\S+) - \(?(-?\d+\.\d)/gm)];
    assert.equal(cases.length, rows, file);
    for (const [row, vector = '', score] of cases) assert.equal(rateCvss(vector, 'nvd')?.score, Number(score), row);
  }
});

test('parseKev() and parseEpss() read the published lists whole', (t) => {
  const kev = fixtureText(t, 'advisories/cisa-kev', 'known_exploited_vulnerabilities.json');
  const scores = fixtureText(t, 'advisories/epss-2026-08-16', 'EPSS_CVE_data/CVE_2021_EPSS.csv');
  if (kev === undefined || scores === undefined) return;
  const { records: exploited, problems } = parseKev(parseFeedJson(Buffer.from(kev), 'kev'), 'kev');
  assert.deepEqual([exploited.length, problems.length], [1404, 0]);
  const wanted = new Set(exploited.map(({ id }) => id));
  const scored = parseEpss(Buffer.from(scores), { name: 'epss', observedAt, wanted: (cve) => wanted.has(cve) });
  assert.equal(scored.length, exploited.filter(({ id }) => id.startsWith('CVE-2021-')).length);
});
