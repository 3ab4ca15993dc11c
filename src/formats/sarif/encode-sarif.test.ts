import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeSarif, type SarifFinding } from './encode-sarif.ts';

const finding: SarifFinding = {
  vulnerability: 'CVE-2026-0001',
  level: 'high',
  score: 8.1,
  purl: 'pkg:npm/left-pad@1.0.0',
  package: 'left-pad',
  version: '1.0.0',
  location: 'app/node_modules/left-pad/package.json',
  fixedIn: '1.3.0',
  because: '1.0.0 is below 1.3.0',
  suppressedBecause: null,
};
const about = { target: 'registry.example/app:1', version: '0.1.0' };
type Log = ReturnType<typeof encodeSarif>;
type Run = Log['runs'][number];
/** As a reader finds it. */
const encode = (findings: readonly SarifFinding[]): Run => {
  const log: Log = JSON.parse(JSON.stringify(encodeSarif(findings, about)));
  const [run] = log.runs;
  assert.deepEqual([log.version, log.runs.length], ['2.1.0', 1]);
  assert.ok(run !== undefined);
  return run;
};

test('encodeSarif() is a log of SARIF 2.1.0: nothing found, suppressed, and names of all kinds', () => {
  const findings: readonly (readonly SarifFinding[])[] = [
    [],
    [finding],
    [finding, { ...finding, vulnerability: 'CVE-2026-0002', suppressedBecause: 'a vendor states not_affected' }],
    [{ ...finding, location: null }],
    [
      {
        ...finding,
        location: 'C:\\x\ud800{0}',
        package: '[x](https://example.org)',
        version: '{1}',
        because: '\u0007',
      },
    ],
    [{ ...finding, location: '/a b/%/#?', package: '', purl: '', vulnerability: '__proto__' }],
  ];
  for (const some of findings) assertSarif(encode(some));
});

test('encodeSarif() is a log of SARIF 2.1.0 whatever the findings are called', () => {
  const name = fc.oneof(fc.constantFrom('CVE-2026-1', 'CVE-2026-2'), fc.string({ unit: 'binary', maxLength: 20 }));
  const level = fc.constantFrom('critical', 'high', 'medium', 'low');
  const some = fc.record({
    vulnerability: name,
    level,
    score: fc.option(fc.double({ min: 0, max: 10, noNaN: true })),
    purl: name,
    package: name,
    version: name,
    location: fc.option(name),
    fixedIn: fc.option(name),
    because: name,
    suppressedBecause: fc.option(name),
  });
  fc.assert(fc.property(fc.array(some, { maxLength: 6 }), (findings) => assertSarif(encode(findings))));
});

test('encodeSarif() sorts by the score that counts, else by the lowest of the level', () => {
  const cases: readonly (readonly [SarifFinding['level'], number | null, string])[] = [
    ['high', 8.1, '8.1'],
    ['high', null, '7.0'],
    ['critical', null, '9.0'],
    ['medium', null, '4.0'],
    ['low', null, '0.1'],
    ['low', 0, '0.1'],
    ['critical', 10, '10.0'],
    // A vendor's word may be milder than its score.
    ['low', 9.8, '9.8'],
  ];
  for (const [level, score, expected] of cases) {
    const [rule] = encode([{ ...finding, level, score }]).tool.driver.rules;
    assert.equal(rule?.properties['security-severity'], expected, `${level} ${score}`);
  }
  const [rule] = encode([finding, { ...finding, purl: 'pkg:npm/other@1', score: null, level: 'critical' }]).tool.driver
    .rules;
  assert.equal(rule?.properties['security-severity'], '9.0', 'the highest of its findings');
});

test('encodeSarif() lets no name make a link or a placeholder', () => {
  const { results } = encode([{ ...finding, package: '[x](https://example.org)', because: '{0}' }]);
  assert.match(results[0]?.message.text ?? '', /^\[x\] \(https:\/\/example\.org\) 1\.0\.0 has .*: \{\{0\}\}$/);
});

// What the specification (OASIS SARIF 2.1.0 with errata 01, sections 3.13 to 3.52) asks of what is written here.
function assertSarif({ tool, results, columnKind }: Run): void {
  assert.ok(['utf16CodeUnits', 'unicodeCodePoints'].includes(columnKind));
  assert.ok(isText(tool.driver.name) && isText(tool.driver.version));
  const { rules } = tool.driver;
  assert.equal(new Set(rules.map((rule) => rule.id)).size, rules.length);
  for (const rule of rules) assertRule(rule);
  assert.ok(Array.isArray(results), 'an empty array says that the scan ran and found nothing');
  for (const result of results) assertResult(result, rules);
  const withSuppressions = results.filter((result) => result.suppressions !== undefined).length;
  assert.ok(withSuppressions === 0 || withSuppressions === results.length);
}

function assertRule({
  id,
  shortDescription,
  defaultConfiguration,
  properties,
}: Run['tool']['driver']['rules'][number]): void {
  assert.equal(typeof id, 'string');
  assert.ok(isText(shortDescription.text));
  assert.ok(LEVELS.includes(defaultConfiguration.level));
  assert.equal(new Set(properties.tags).size, properties.tags.length);
  assert.match(properties['security-severity'], /^(?:10\.0|\d\.\d)$/);
  assert.ok(Number(properties['security-severity']) > 0);
}

function assertResult(result: Run['results'][number], rules: Run['tool']['driver']['rules']): void {
  assert.ok(Number.isInteger(result.ruleIndex) && rules[result.ruleIndex] !== undefined);
  assert.equal(rules[result.ruleIndex]?.id, result.ruleId);
  assert.ok(LEVELS.includes(result.level));
  assert.ok(isText(result.message.text));
  assert.doesNotMatch(result.message.text.replaceAll(/\{\{|\}\}/g, ''), /[{}]|\]\(/);
  for (const { physicalLocation, logicalLocations } of result.locations) {
    // RFC 3986 section 4.1; a colon in the first segment would be a scheme.
    assert.match(physicalLocation.artifactLocation.uri, /^(?:[A-Za-z0-9\-._~!'()*/]|%[0-9A-F]{2})*$/);
    assert.ok(physicalLocation.region.startLine >= 1);
    for (const { kind, fullyQualifiedName } of logicalLocations) {
      assert.deepEqual([kind, typeof fullyQualifiedName], ['module', 'string']);
    }
  }
  for (const [name, value] of Object.entries(result.partialFingerprints)) {
    assert.match(name, /^[^/]+\/v\d+$/);
    assert.equal(typeof value, 'string');
  }
  for (const { kind, status, justification } of result.suppressions) {
    assert.ok(['inSource', 'external'].includes(kind));
    assert.ok(['accepted', 'underReview', 'rejected'].includes(status));
    assert.equal(typeof justification, 'string');
  }
}

const LEVELS = ['none', 'note', 'warning', 'error'];

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
