import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundedReads, numRuns } from '../../test/support/fuzz-reader.ts';
import { Failure } from '../core/failure.ts';
import { canonicalJson } from '../core/ledger/canonical-json.ts';
import { parseDebianTracker } from './debian-tracker/parse-debian-tracker.ts';
import { parseNoticeList } from './debian-tracker/parse-notice-list.ts';
import { parseEpss } from './epss/parse-epss.ts';
import { parseFeedJson } from './feed-json.ts';
import { parseFeedYaml } from './feed-yaml.ts';
import { parseKev } from './kev/parse-kev.ts';
import { parseNvd } from './nvd/parse-nvd.ts';
import { parseOpenvex } from './openvex/parse-openvex.ts';
import { parseOsv } from './osv/parse-osv.ts';
import { parseRubysec } from './rubysec/parse-rubysec.ts';
import { parseRustsec } from './rustsec/parse-rustsec.ts';
import { parseSecdb } from './secdb/parse-secdb.ts';

const origin = { name: 'x', source: 'x', observedAt: Temporal.Instant.from('2026-03-01T10:00:00Z') };

const osv = `{"id":"GO-2026-1","modified":"2026-02-01T00:00:00Z","aliases":["CVE-2026-1"],"upstream":["CVE-2026-2"],
"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"affected":[{"package":{"ecosystem":"Go",
"name":"stdlib"},"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0.0-0"},{"fixed":"1.2.3"},{"limit":"*"}]}],"versions":["1.0"],
"ecosystem_specific":{"imports":[{"path":"os","symbols":["Get"],"goos":["windows"]}],"custom_ranges":[{"type":"ECOSYSTEM","events":
[{"introduced":"0"},{"last_affected":"2"}]}]},"database_specific":{"informational":null}}],"database_specific":{"severity":"LOW"}}`;

const rustsec = `\`\`\`toml
[advisory]
id = "RUSTSEC-2026-0001"
package = 'hello' # x
date = "2026-03-01"
aliases = ["CVE-2026-0001",]
informational = "unsound"
[affected]
os = ["windows"]
functions = { "a::b" = ["< 1.2.3, >= 1"] }
[versions]
patched = ["^0.9.5", "~1.2", "> 3", "4.*"]
\`\`\`
# Title
`;

const rubysec = `---\ngem: hello\ncve: 2026-0001\nghsa: aaaa-bbbb-cccc\ntitle: |\n  Reads\ndate: 2026-03-01\ncvss_v3: 9.8
unaffected_versions:\n  - "< 1.0"\npatched_versions: ["~> 2.3.5", '>= 3.0.1, != 4']\n`;

const secdb = `distroversion: v3.20\nreponame: main\nurlprefix: https://dl-cdn.alpinelinux.org/alpine\npackages:
  - pkg:\n      name: hello\n      secfixes:\n        1.2-r0:\n          - CVE-2026-0001 XSA-1\n        "0": [CVE-2026-0002]\n`;

const debian = `{"hello":{"CVE-2026-0001":{"description":"x","releases":{"sid":{"status":"resolved","fixed_version":"1:1-1",
"urgency":"high**"},"bookworm":{"status":"open","nodsa":"x","nodsa_reason":"ignored"}}},"TEMP-0-A":{"releases":[]}}}`;

const notices = `[31 Mar 2023] DSA-5380-2 hello - update\n\t{CVE-2026-0001 CVE-2026-0002}\n\t[bullseye] - hello 1:2.0-1+deb11u6
\t[sarge] - hello <not-affected> (x)\n\tNOTE: x\n[01 Aug 2002] DLA-141 mpack\n\t[woody] - mpack 1.5\n`;

const nvd = `{"format":"NVD_CVE","vulnerabilities":[{"cve":{"id":"CVE-2026-0001","sourceIdentifier":"x","published":"2026-02-27T12:00:00",
"lastModified":"2026-02-28T12:00:00.5","vulnStatus":"Rejected","descriptions":[{"lang":"en","value":"x"}],"metrics":{"cvssMetricV2":
[{"source":"nvd@nist.gov","type":"Primary","cvssData":{"vectorString":"AV:N/AC:L/Au:N/C:C/I:C/A:C","baseScore":10}}]},"configurations":
[{"nodes":[{"operator":"OR","negate":false,"cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:a:x:y:*:*:*:*:*:*:*:*"}]}]}]}}]}`;

const vex = `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://x/1","author":"x","timestamp":"2026-02-28T12:00:00Z","statements":
[{"vulnerability":{"name":"CVE-2026-1","aliases":["GHSA-1"]},"products":[{"@id":"pkg:oci/x","subcomponents":[{"@id":"pkg:npm/y"}]},"z"],
"status":"not_affected","justification":"component_not_present","timestamp":"2026-02-28T12:00:00+04:00"}]}`;

const kev = `{"title":"x","catalogVersion":"2026.03.01","dateReleased":"2026-03-01T10:00:00.0Z","count":1,"vulnerabilities":[
{"cveID":"CVE-2026-0001","vendorProject":"x","product":"y","vulnerabilityName":"z","dateAdded":"2026-02-01","shortDescription":"x",
"requiredAction":"x","dueDate":"2026-02-20","knownRansomwareCampaignUse":"Unknown","notes":"","cwes":["CWE-1"]}]}`;

const epss = `#model_version:v2025.03.14,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,0.00043,0.10\n`;

const pypa = `id: PYSEC-2026-1\ndetails: 'Reads: ü'\naffected:\n- package:\n    name: hello\n    ecosystem: PyPI\n    purl: pkg:pypi/hello
  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: "0"\n    - fixed: 1.2.3\n  versions:\n  - 1.0.0\nreferences:
- type: WEB\n  url: https://example.org\naliases:\n- CVE-2026-0001\nmodified: "2026-02-01T00:00:00Z"\n`;

const json = (bytes: Uint8Array) => parseFeedJson(bytes, 'x');
const yaml = (bytes: Uint8Array) => parseFeedYaml(bytes, 'x');

const readers: readonly [string, string, (bytes: Uint8Array) => unknown][] = [
  ['parseOsv', osv, (bytes) => parseOsv(json(bytes), origin)],
  ['parseOsv of YAML', pypa, (bytes) => parseOsv(yaml(bytes), origin)],
  ['parseKev', kev, (bytes) => parseKev(json(bytes), 'x').records],
  ['parseEpss', epss, (bytes) => parseEpss(bytes, { ...origin, wanted: () => true })],
  ['parseRustsec', rustsec, (bytes) => parseRustsec(bytes, origin)],
  ['parseRubysec', rubysec, (bytes) => parseRubysec(yaml(bytes), origin)],
  ['parseSecdb', secdb, (bytes) => parseSecdb(yaml(bytes), origin).records],
  ['parseDebianTracker', debian, (bytes) => parseDebianTracker(json(bytes), origin).records],
  ['parseNoticeList', notices, (bytes) => parseNoticeList(bytes, origin).records],
  ['parseNvd', nvd, (bytes) => parseNvd(bytes, origin).records],
  ['parseOpenvex', vex, (bytes) => parseOpenvex(json(bytes), origin).records],
];

const pieces = [
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '\n',
  '\n  ',
  '- ',
  '-',
  '.',
  '0',
  '9'.repeat(30),
  'null',
  '*',
  '&a ',
  '|',
  '>',
  '<',
  '~>',
  '>=',
  '!=',
  '~',
  '#',
  '=',
  '\t',
  '\ud800',
  '\\ud800',
  '\0',
  '__proto__',
  'constructor',
  '=1',
  '```',
  '%',
  '1e9',
  'T',
  'Z',
];

const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.oneof(fc.nat({ max: 4 }), fc.nat({ max: 200 })),
    insert: fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8, unit: 'binary' })), {
      maxLength: 3,
    }),
    copy: fc.nat({ max: 60 }),
  }),
  { minLength: 1, maxLength: 5 },
);

for (const [name, seed, reader] of readers) {
  test(`${name}() gives records that the ledger can hold, or one Failure, whatever becomes of the bytes`, async () => {
    assert.ok(canonicalJson(reader(Buffer.from(seed))).length > 100);
    const bounds = boundedReads();
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        let text = seed;
        for (const { at, remove, insert, copy } of changes) {
          const place = Math.floor(at * text.length);
          const copied = seed.slice(place, place + copy);
          text = text.slice(0, place) + insert.join('') + copied + text.slice(place + remove);
        }
        await bounds.read(() => canonicalJson(reader(Buffer.from(text))));
      }),
      { numRuns },
    );
  });
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly [string | number, unknown][] = Array.isArray(value)
    ? value.map((each, index) => [index, each])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, each]) => pathsOf(each, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((each, index) => (index === key ? replaced(each, rest, by) : each));
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, each]) => [name, name === key ? replaced(each, rest, by) : each]));
}

const odd = fc.oneof(
  fc.constantFrom('', '0', '*', '-1', '\ud800', 'CVE-2026-1', '<x>', null, [], {}, 1e300, true),
  fc.string({ maxLength: 30, unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
);

const jsonReaders: readonly [string, string, (bytes: Uint8Array) => unknown][] = readers.filter(([, seed]) =>
  seed.startsWith('{'),
);

for (const [name, seed, reader] of jsonReaders) {
  test(`${name}() gives records that the ledger can hold, or one Failure, whatever stands in place of a value`, () => {
    const whole: unknown = JSON.parse(seed);
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(whole)), odd, (path, value) => {
        try {
          canonicalJson(reader(Buffer.from(JSON.stringify(replaced(whole, path, value)))));
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
        }
      }),
      { numRuns },
    );
  });
}
