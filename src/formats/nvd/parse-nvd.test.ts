import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseNvd } from './parse-nvd.ts';

const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
const rating = (source: string, type: string, vectorString = vector) => ({
  source,
  type,
  cvssData: { vectorString, baseScore: 7.5 },
});

const cve = {
  id: 'CVE-2026-0001',
  sourceIdentifier: 'security@vendor.example',
  published: '2026-02-27T12:00:00.123',
  lastModified: '2026-02-28T12:00:00.5',
  vulnStatus: 'Analyzed',
  descriptions: [
    { lang: 'es', value: 'Lee' },
    { lang: 'en', value: ' Reads past the end ' },
  ],
  metrics: {
    cvssMetricV31: [
      rating('nvd@nist.gov', 'Primary'),
      rating('security@vendor.example', 'Secondary'),
      rating('134c704f-9b21-4f2e-91b3-4a467353bcc0', 'Secondary'),
      rating('other@example.org', 'Secondary'),
    ],
    cvssMetricV2: [rating('nvd@nist.gov', 'Primary', 'AV:N/AC:L/Au:N/C:N/I:N/A:C')],
    ssvcV203: [{ source: 'x' }],
  },
  configurations: [
    {
      operator: 'AND',
      nodes: [
        {
          operator: 'OR',
          negate: false,
          cpeMatch: [
            {
              vulnerable: true,
              criteria: 'cpe:2.3:a:x:hello:*:*:*:*:*:*:*:*',
              versionStartIncluding: '1.0',
              versionEndExcluding: '1.2.3',
              matchCriteriaId: 'X',
            },
          ],
        },
        { operator: 'OR', negate: true, cpeMatch: [{ vulnerable: false, criteria: 'cpe:2.3:o:x:os:-:*:*:*:*:*:*:*' }] },
      ],
    },
  ],
};

const page = (...cves: readonly object[]) => ({
  format: 'NVD_CVE',
  version: '2.0',
  vulnerabilities: cves.map((each) => ({ cve: each })),
});
const read = (content: unknown) => parseNvd(Buffer.from(JSON.stringify(content)), { name: 'nvd.json' });

test('parseNvd() tells who rates what, and leaves what is affected in CPEs', () => {
  const { records, problems } = read(page(cve));
  assert.deepEqual(problems, []);
  const bounds = { startExcluding: null, endIncluding: null };
  assert.deepEqual(records, [
    {
      id: 'CVE-2026-0001',
      source: 'nvd',
      aliases: [],
      summary: 'Reads past the end',
      published: '2026-02-27T12:00:00.123Z',
      modified: '2026-02-28T12:00:00.5Z',
      withdrawn: null,
      severities: [
        ...(
          [
            ['nvd', 'nvd@nist.gov', 'primary'],
            ['cna', 'security@vendor.example', 'secondary'],
            ['cisa-adp', '134c704f-9b21-4f2e-91b3-4a467353bcc0', 'secondary'],
            ['other', 'other@example.org', 'secondary'],
          ] as const
        ).map(([source, provider, rank]) => ({
          source,
          type: 'CVSS_V3.1',
          vector,
          score: 7.5,
          level: 'high',
          provider,
          rank,
        })),
        {
          source: 'nvd',
          type: 'CVSS_V2',
          vector: 'AV:N/AC:L/Au:N/C:N/I:N/A:C',
          score: 7.8,
          level: 'high',
          provider: 'nvd@nist.gov',
          rank: 'primary',
        },
      ],
      affected: [],
      exploitedSince: null,
      epss: null,
      malicious: false,
      cpe: [
        {
          operator: 'AND',
          negate: false,
          nodes: [
            {
              operator: 'OR',
              negate: false,
              matches: [
                {
                  ...bounds,
                  cpe: 'cpe:2.3:a:x:hello:*:*:*:*:*:*:*:*',
                  vulnerable: true,
                  startIncluding: '1.0',
                  endExcluding: '1.2.3',
                },
              ],
            },
            {
              operator: 'OR',
              negate: true,
              matches: [
                {
                  ...bounds,
                  cpe: 'cpe:2.3:o:x:os:-:*:*:*:*:*:*:*',
                  vulnerable: false,
                  startIncluding: null,
                  endExcluding: null,
                },
              ],
            },
          ],
        },
      ],
    },
  ]);
});

test('parseNvd() takes rejected for withdrawn, and reads gzip', () => {
  const rejected = page({
    id: 'CVE-2026-0002',
    published: cve.published,
    lastModified: cve.lastModified,
    vulnStatus: 'Rejected',
  });
  const { records } = parseNvd(gzipSync(JSON.stringify(rejected)), { name: 'nvd.json.gz' });
  assert.deepEqual(
    records.map(({ withdrawn, cpe, severities }) => [withdrawn, cpe, severities]),
    [['2026-02-28T12:00:00.5Z', undefined, []]],
  );
});

test('parseNvd() keeps a score whose vector it cannot read', () => {
  const [record] = read(
    page({ ...cve, metrics: { cvssMetricV40: [rating('nvd@nist.gov', 'Primary', 'CVSS:4.0/AV:N')] } }),
  ).records;
  const { type, vector: none, score, level } = record?.severities[0] ?? {};
  assert.deepEqual([type, none, score, level], ['CVSS_V4', null, 7.5, 'high']);
});

test('parseNvd() passes over entries that are none, and refuses other files', () => {
  const { records, problems } = read(page(cve, { id: 'x' }, { ...cve, lastModified: 'soon' }));
  assert.deepEqual(
    [records.length, problems.map(({ detail }) => detail.at)],
    [1, ['nvd.json: vulnerabilities[1]', 'nvd.json: vulnerabilities[2]']],
  );
  assert.throws(() => read({ vulnerabilities: [] }), { code: 'E0202' });
  assert.throws(() => parseNvd(Buffer.from([0x1f, 0x8b, 0]), { name: 'x' }), { code: 'E0404' });
});
