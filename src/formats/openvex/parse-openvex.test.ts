import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { parseOpenvex } from './parse-openvex.ts';

const statement = {
  vulnerability: {
    '@id': 'https://vuln.example/GO-2026-1',
    name: 'GO-2026-1',
    aliases: ['CVE-2026-0001', 'https://x.example/CVE-2026-0001'],
  },
  products: [
    {
      '@id': 'pkg:golang/example.org/hello',
      identifiers: { purl: 'pkg:golang/example.org/hello' },
      subcomponents: [{ '@id': 'pkg:golang/helm.sh/helm/v3' }],
    },
    { '@id': 'image', hashes: { 'sha-256': 'ab' } },
  ],
  status: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  impact_statement: 'not called',
};
const document = (statements: readonly unknown[], over: object = {}) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://vex.example/1',
  author: 'Hello',
  timestamp: '2026-02-28T12:00:00+04:00',
  version: 1,
  statements,
  ...over,
});
const read = (json: unknown) => parseOpenvex(json, { name: 'x.openvex.json' });

test('parseOpenvex() tells what is stated about a vulnerability in which products, by whom and when', () => {
  assert.deepEqual(read(document([statement])), {
    records: [
      {
        id: 'GO-2026-1',
        source: 'openvex https://vex.example/1',
        aliases: ['CVE-2026-0001'],
        summary: '',
        published: '2026-02-28T08:00:00Z',
        modified: '2026-02-28T08:00:00Z',
        withdrawn: null,
        severities: [],
        affected: [],
        exploitedSince: null,
        epss: null,
        malicious: false,
        statements: [
          {
            status: 'not_affected',
            justification: 'vulnerable_code_not_in_execute_path',
            note: 'not called',
            products: [
              { ids: ['pkg:golang/example.org/hello'], subcomponents: [['pkg:golang/helm.sh/helm/v3']] },
              { ids: ['image', 'sha256:ab'], subcomponents: [] },
            ],
            author: 'Hello',
            statedAt: '2026-02-28T08:00:00Z',
          },
        ],
      },
    ],
    source: 'openvex https://vex.example/1',
    problems: [],
  });
});

test("parseOpenvex() takes a statement's own time before the document's", () => {
  const later = { ...statement, timestamp: '2026-03-01T00:00:00Z' };
  const [record] = read(document([statement, later])).records;
  assert.deepEqual(
    record?.statements?.map(({ statedAt }) => statedAt),
    ['2026-02-28T08:00:00Z', '2026-03-01T00:00:00Z'],
  );
  assert.equal(record?.modified, '2026-03-01T00:00:00Z');
});

test('parseOpenvex() reads documents of the first version, whose products and vulnerabilities are texts', () => {
  const old = {
    vulnerability: 'CVE-2026-0001',
    products: ['pkg:oci/hello'],
    status: 'affected',
    action_statement: 'wait',
  };
  const [record] = read(document([old], { '@context': 'https://openvex.dev/ns' })).records;
  assert.deepEqual(record?.statements?.[0]?.products, [{ ids: ['pkg:oci/hello'], subcomponents: [] }]);
  assert.equal(record?.statements?.[0]?.note, 'wait');
});

test('parseOpenvex() passes over statements that say nothing, and refuses other documents', () => {
  const { vulnerability, products } = statement;
  const { records, problems } = read(
    document([
      { vulnerability, products, status: 'not_affected' },
      { vulnerability, products, status: 'not_affected', justification: 'because' },
      { vulnerability: {}, products, status: 'fixed' },
      { vulnerability, products, status: 'fixed' },
    ]),
  );
  assert.deepEqual(
    [records.length, problems.map(({ detail }) => detail.why)],
    [
      1,
      [
        'the document: not_affected needs a justification or an impact statement',
        'justification: Invalid option: expected one of "component_not_present"|"vulnerable_code_not_present"|"vulnerable_code_not_in_execute_path"|"vulnerable_code_cannot_be_controlled_by_adversary"|"inline_mitigations_already_exist"',
        'the vulnerability has no id',
      ],
    ],
  );
  for (const json of [
    {},
    document([], { '@context': 'https://other.example' }),
    document([], { timestamp: 'never' }),
  ]) {
    assert.throws(
      () => read(json),
      (error) => error instanceof Failure && error.code === 'E0202',
    );
  }
});
