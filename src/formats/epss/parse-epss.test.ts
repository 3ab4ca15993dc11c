import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Failure } from '../../core/failure.ts';
import { parseEpss } from './parse-epss.ts';

const origin = { name: 'epss.csv', observedAt: Temporal.Instant.from('2026-03-02T00:00:00Z'), wanted: () => true };
const text = `#model_version:v2026.01.01,score_date:2026-03-01T12:55:00Z
cve,epss,percentile
CVE-2026-0001,0.61000,0.98
CVE-2026-0002,1e-05,0.01
`;

test('parseEpss() reads scores of the day that the file names, plain or gzip', () => {
  for (const bytes of [Buffer.from(text), gzipSync(text)]) {
    const records = parseEpss(bytes, origin);
    assert.deepEqual(
      records.map(({ id, source, epss, epssModel, modified }) => [id, source, epss, epssModel, modified]),
      [
        ['CVE-2026-0001', 'epss', 0.61, 'v2026.01.01', '2026-03-01T12:55:00Z'],
        ['CVE-2026-0002', 'epss', 0.00001, 'v2026.01.01', '2026-03-01T12:55:00Z'],
      ],
    );
  }
});

test('parseEpss() takes only what is wanted, and the time of the look where the file has no date', () => {
  const wanted = (cve: string) => cve === 'CVE-2026-0002';
  const [record, ...others] = parseEpss(Buffer.from('CVE-2026-0001;1.000;1\r\nCVE-2026-0002;0.5;0.9\r\n'), {
    ...origin,
    wanted,
  });
  assert.deepEqual([record?.epss, record?.modified, others], [0.5, '2026-03-02T00:00:00Z', []]);
});

test('parseEpss() uses nothing of a file with a line that is no probability, and names the line', () => {
  for (const line of ['CVE-2026-0003,1.2,0.5', 'CVE-2026-0003', '<html>', 'CVE-2026-0003,-0.1,0']) {
    assert.throws(
      () => parseEpss(Buffer.from(text + line), origin),
      (error) => error instanceof Failure && error.code === 'E0202' && error.detail.at === 'epss.csv:5:1',
    );
  }
});

test('parseEpss() refuses half a gzip file', () => {
  const half = gzipSync(text).subarray(0, 60);
  assert.throws(() => parseEpss(half, origin), Failure);
});
