import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogFiles } from '../../../test/support/catalog-files.ts';
import { parseCatalog } from './parse-catalog.ts';
import { showProblem } from './show-problem.ts';

interface Bad {
  readonly situation: string;
  readonly file: string;
  /** What is written in place of what; without it the whole file is `put`. */
  readonly from?: string;
  readonly put: string;
  readonly code?: string;
  readonly at: string;
  readonly what: RegExp;
  readonly hint?: RegExp;
}

const recipe = 'recipes/hello.yaml';
const line = 'lines/hello.yaml';

/** Each catalog is wrong in one place and gets one problem, with the place, a sentence and, where there is one, a hint. */
const bad: readonly Bad[] = [
  {
    situation: 'a key is misspelt',
    file: line,
    from: 'packages:',
    put: 'pakages:',
    at: `${line}:2:3`,
    what: /unknown key `pakages` in `contents`/,
    hint: /`packages`/,
  },
  {
    situation: 'a key is unknown and near to none',
    file: 'suture.yaml',
    from: 'name: demo',
    put: 'name: demo\ncolour: red',
    at: 'suture.yaml:2:1',
    what: /unknown key `colour`/,
    hint: /Known here: name, registry, feeds, build/,
  },
  {
    situation: 'a known key is not supported yet',
    file: recipe,
    from: 'vars:',
    put: 'subpackages: []\nvars:',
    at: `${recipe}:13:1`,
    what: /`subpackages` is not supported yet/,
  },
  {
    situation: 'a known key is not supported yet and there is another way',
    file: 'lines/hello.yaml',
    from: 'contents:\n',
    put: 'contents:\n  keyring: [https://keys.example.org/a.pub]\n',
    at: 'lines/hello.yaml:2:3',
    what: /`keyring` in `contents` is not supported yet/,
  },
  {
    situation: 'a build root has packages and no suite that they come from',
    file: recipe,
    from: 'vars:',
    put: 'environment: { contents: { packages: [gcc] } }\nvars:',
    at: `${recipe}:13:26`,
    what: /`contents` has no `repositories`/,
  },
  {
    situation: 'a suite is written without its distribution',
    file: recipe,
    from: 'vars:',
    put: 'environment: { contents: { repositories: [bookworm], packages: [gcc] } }\nvars:',
    at: `${recipe}:13:43`,
    what: /is not a suite of Debian such as debian:bookworm/,
  },
  {
    situation: 'a source is fetched from an address',
    file: 'recipes/other.yaml',
    put: 'package: { name: other, version: "1", epoch: 0, copyright: [{ license: MIT }] }\npipeline:\n  - uses: fetch\n    with: { uri: "https://example.org/other.tar.gz", suites: bookworm }\nsuture: { stream: "1" }\n',
    at: 'recipes/other.yaml:4:18',
    what: /`uri` of fetch is not a source package of Debian/,
  },
  {
    situation: 'a line based on Debian wants a package of another kind',
    file: 'lines/hello.yaml',
    from: 'contents:\n',
    put: 'contents:\n  repositories: ["debian:bookworm"]\n',
    code: 'E0102',
    at: 'lines/hello.yaml:4:7',
    what: /the recipe of hello makes another kind of package/,
  },
  {
    situation: 'a required key is missing',
    file: recipe,
    from: '  name: hello\n',
    put: '',
    at: `${recipe}:2:1`,
    what: /`name` is missing in `package`/,
    hint: /name: hello/,
  },
  {
    situation: 'a whole block is missing',
    file: line,
    from: /suture:[^]*/.exec(catalogFiles().get(line) ?? '')?.[0] ?? '',
    put: '',
    at: `${line}:1:1`,
    what: /`suture` is missing/,
  },
  {
    situation: 'a value is of another kind',
    file: recipe,
    from: 'epoch: 3',
    put: 'epoch: three',
    at: `${recipe}:5:10`,
    what: /`package.epoch` must be a number, not the text "three"/,
  },
  {
    situation: 'a number is not whole',
    file: recipe,
    from: 'epoch: 3',
    put: 'epoch: 1.5',
    at: `${recipe}:5:10`,
    what: /`package.epoch` must be a whole number/,
  },
  {
    situation: 'a list stands where text belongs',
    file: line,
    from: 'cmd: --help',
    put: 'cmd: [--help]',
    at: `${line}:6:6`,
    what: /`cmd` must be text, not a list/,
  },
  {
    situation: 'a key has no value',
    file: recipe,
    from: 'description: Says hello',
    put: 'description:',
    at: `${recipe}:6:3`,
    what: /`package.description` has no value/,
  },
  {
    situation: 'one of several words is misspelt',
    file: recipe,
    from: 'scheme: semver',
    put: 'scheme: semvre',
    at: `${recipe}:42:11`,
    what: /must be one of semver, apk/,
    hint: /`semver`/,
  },
  {
    situation: 'the YAML is broken',
    file: 'policy.yaml',
    from: '{ critical: 24h }',
    put: '{ critical: 24h',
    at: 'policy.yaml:3:1',
    what: /not valid YAML: a { or \[ is opened/,
  },
  {
    situation: 'a tab indents',
    file: 'policy.yaml',
    from: '  approvals',
    put: '\tapprovals',
    at: 'policy.yaml:4:1',
    what: /not valid YAML: tabs are not allowed as indentation/,
  },
  {
    situation: 'a key is given twice',
    file: 'policy.yaml',
    from: 'backport:',
    put: 'name: lax\nbackport:',
    at: 'policy.yaml:3:1',
    what: /`name` is given twice/,
  },
  {
    situation: 'a file is empty',
    file: 'policy.yaml',
    put: '# nothing\n',
    at: 'policy.yaml:1:1',
    what: /policy.yaml is empty/,
  },
  {
    situation: 'two documents in one file',
    file: 'policy.yaml',
    put: 'name: a\n---\nname: b\n',
    at: 'policy.yaml:2:1',
    what: /begins another/,
  },
  {
    situation: 'another version of YAML',
    file: 'policy.yaml',
    put: '%YAML 1.1\n---\nname: x\n',
    at: 'policy.yaml:1:1',
    what: /only YAML 1\.2/,
    hint: /%YAML/,
  },
  {
    situation: 'a tag of YAML 1.1',
    file: 'policy.yaml',
    put: 'name: !!binary aGk=\n',
    at: 'policy.yaml:1:7',
    what: /unresolved tag/,
  },
  { situation: 'an alias has no anchor', file: 'policy.yaml', put: 'name: *who\n', at: 'policy.yaml:1:7', what: /who/ },
  {
    situation: 'aliases multiply',
    file: 'policy.yaml',
    put: `name: &a x\nseverity: { sources: [${'*a, '.repeat(101)}] }\n`,
    at: 'policy.yaml:2:423',
    what: /used too often/,
  },
  {
    situation: 'maps are nested too deep',
    file: 'policy.yaml',
    put: `name: ${'['.repeat(80)}${']'.repeat(80)}\n`,
    at: 'policy.yaml:1:71',
    what: /nested too deep/,
  },
  {
    situation: 'a length of time has no unit',
    file: 'policy.yaml',
    from: '24h',
    put: '24',
    at: 'policy.yaml:2:22',
    what: /is not a length of time/,
  },
  {
    situation: 'a condition asks nothing',
    file: 'policy.yaml',
    from: 'approvals: 2',
    put: 'all: [{}]',
    at: 'policy.yaml:4:9',
    what: /must have exactly one of line, upstream-release-for-line/,
  },
  {
    situation: 'a nested condition asks twice',
    file: 'policy.yaml',
    put: 'cherry-pick:\n  all:\n    - any: [{ exploited: true, epss-min: 0.5 }]\n',
    at: 'policy.yaml:3:13',
    what: /must have exactly one of/,
  },
  {
    situation: 'a condition can only be true',
    file: 'policy.yaml',
    put: 'high-profile: { any: [{ declared: false }] }\n',
    at: 'policy.yaml:1:35',
    what: /can only be true/,
  },
  {
    situation: 'two registries',
    file: 'suture.yaml',
    from: '  embedded: { port: 5050 }',
    put: '  embedded: {}\n  host: registry.example',
    at: 'suture.yaml:4:9',
    what: /choose one registry/,
  },
  {
    situation: 'the ledger is signed after no fact at all',
    file: 'suture.yaml',
    from: 'name: demo',
    put: 'name: demo\nledger: { sign-facts: 0 }',
    at: 'suture.yaml:2:23',
    what: /`ledger.sign-facts`/,
  },
  {
    situation: 'the time until the ledger is signed has no unit',
    file: 'suture.yaml',
    from: 'name: demo',
    put: 'name: demo\nledger: { sign-every: 10 }',
    at: 'suture.yaml:2:23',
    what: /`ledger.sign-every` is not a length of time/,
  },
  {
    situation: 'a feed of two kinds',
    file: 'suture.yaml',
    from: '  - osv: feeds/osv\n  - kev',
    put: '  - osv: feeds/osv\n    kev',
    at: 'suture.yaml:5:5',
    what: /exactly one of osv, .*kev, epss/,
  },
  {
    situation: 'a feed over plain http',
    file: 'suture.yaml',
    from: 'https://kev',
    put: 'http://kev',
    at: 'suture.yaml:6:10',
    what: /https address/,
  },
  {
    situation: 'a name is misspelt in a substitution',
    file: recipe,
    from: 'vars.soname',
    put: 'vars.sonane',
    at: `${recipe}:25:19`,
    what: /nothing is called `vars.sonane`/,
    hint: /vars.soname/,
  },
  {
    situation: 'a variable was never declared',
    file: recipe,
    from: 'hello --version',
    put: 'echo ${{vars.greeting}}',
    at: `${recipe}:29:18`,
    what: /nothing is called/,
    hint: /Declare it/,
  },
  {
    situation: 'a step both runs and uses',
    file: recipe,
    from: '  - name: compile\n',
    put: '  - uses: patch\n',
    at: `${recipe}:23:5`,
    what: /exactly one of `runs` and `uses`/,
  },
  {
    situation: 'a ready-made step is not supported yet',
    file: recipe,
    from: 'hello --version',
    put: 'hello\n    - uses: test/tw/ldd-check',
    at: `${recipe}:30:13`,
    what: /test\/tw\/ldd-check is not supported yet/,
    hint: /runs/,
  },
  {
    situation: 'a ready-made step is misspelt',
    file: recipe,
    from: 'uses: git-checkout',
    put: 'uses: git-chekout',
    at: `${recipe}:17:11`,
    what: /there is no ready-made step/,
    hint: /git-checkout/,
  },
  {
    situation: 'a setting of a step is misspelt',
    file: recipe,
    from: 'expected-commit:',
    put: 'expected-comit:',
    at: `${recipe}:21:7`,
    what: /unknown setting/,
    hint: /expected-commit/,
  },
  {
    situation: 'a commit is cut short',
    file: recipe,
    from: 'fedcba9876543210fedcba9876543210fedcba98',
    put: '0123456',
    at: `${recipe}:21:24`,
    what: /40 or 64 lower-case hex digits/,
  },
  {
    situation: 'a branch is followed',
    file: recipe,
    from: 'expected-commit: f',
    put: 'branch: main\n      expected-commit: f',
    at: `${recipe}:21:7`,
    what: /`branch` of git-checkout is not supported yet/,
  },
  {
    situation: 'a step leaves its folder',
    file: recipe,
    from: '  - name: compile',
    put: '  - name: compile\n    working-directory: ../..',
    at: `${recipe}:24:24`,
    what: /below the sources/,
  },
  {
    situation: 'the version is none',
    file: recipe,
    from: 'version: 1.0.1',
    put: 'version: v1.0.1',
    at: `${recipe}:4:12`,
    what: /is not a version/,
  },
  {
    situation: 'a pattern is no pattern',
    file: recipe,
    from: 'rc\\d*$',
    put: '"(rc"',
    at: `${recipe}:37:7`,
    what: /not a regular expression/,
  },
  {
    situation: 'a pattern is too long',
    file: recipe,
    from: 'rc\\d*$',
    put: 'a'.repeat(201),
    at: `${recipe}:37:7`,
    what: /longer than 200/,
  },
  {
    situation: 'no tag fits both prefixes',
    file: recipe,
    from: 'tag-filter-prefix: v1.0.',
    put: 'tag-filter-prefix: 1.0.',
    at: `${recipe}:35:24`,
    what: /no tag can start with both/,
    hint: /v1\.0\./,
  },
  {
    situation: 'a patch does not exist',
    file: recipe,
    from: 'patches/CVE-2099-0001.patch',
    put: 'patches/CVE-2099-0002.patch',
    code: 'E0102',
    at: `${recipe}:44:21`,
    what: /CVE-2099-0002.patch does not exist/,
  },
  {
    situation: 'a patch lies outside',
    file: recipe,
    from: 'patches/CVE-2099-0001.patch',
    put: 'patches/../../etc/passwd',
    at: `${recipe}:44:13`,
    what: /not a file below patches/,
  },
  {
    situation: 'a patch is listed twice',
    file: recipe,
    from: '      fixes: [CVE-2099-0001]',
    put: '    - file: patches/CVE-2099-0001.patch',
    at: `${recipe}:45:13`,
    what: /listed twice/,
  },
  {
    situation: 'a line names a package that no recipe makes',
    file: line,
    from: 'hello<1.1',
    put: 'helo<1.1',
    code: 'E0102',
    at: `${line}:3:7`,
    what: /no recipe makes helo/,
    hint: /hello/,
  },
  {
    situation: 'a dependency that no recipe makes',
    file: recipe,
    from: '- greeting',
    put: '- libsalute',
    code: 'E0102',
    at: `${recipe}:11:9`,
    what: /no recipe makes libsalute/,
    hint: /recipes\/libsalute.yaml/,
  },
  {
    situation: 'a package is not made for an architecture of the line',
    file: recipe,
    from: '  copyright:',
    put: '  target-architecture: [x86_64]\n  copyright:',
    code: 'E0102',
    at: `${line}:3:7`,
    what: /makes hello for arm64/,
  },
  {
    situation: 'two recipes make one package of one stream',
    file: 'recipes/hello-again.yaml',
    put: 'package: { name: hello, version: "1", epoch: 0, copyright: [{ license: MIT }] }\npipeline: [{ runs: "true" }]\nsuture: { stream: "1.0" }\n',
    code: 'E0102',
    at: `${recipe}:3:9`,
    what: /made twice for the stream 1\.0/,
    hint: /suture.stream/,
  },
  {
    situation: 'two lines publish one tag',
    file: 'lines/other.yaml',
    put: 'contents: { packages: [hello] }\narchs: [amd64]\nsuture: { line: "hello:1" }\n',
    code: 'E0102',
    at: 'lines/other.yaml:3:17',
    what: /two lines publish hello:1/,
  },
  {
    situation: 'a line has no tag',
    file: line,
    from: 'line: hello:1',
    put: 'line: hello',
    at: `${line}:16:9`,
    what: /is not repository:tag/,
  },
  {
    situation: 'a bound is not understood',
    file: line,
    from: 'hello<1.1',
    put: 'hello<<1.1',
    at: `${line}:3:7`,
    what: /not a package with an optional bound/,
    hint: /hello<1\.1/,
  },
  {
    situation: 'a package is listed twice',
    file: line,
    from: '# ada: ABI freeze',
    put: '\n    - hello',
    at: `${line}:4:7`,
    what: /hello is listed twice/,
  },
  {
    situation: 'a quote is never closed',
    file: line,
    from: "'a b'",
    put: "'a b",
    at: `${line}:5:12`,
    what: /never closed/,
  },
  {
    situation: 'run-as names nobody',
    file: line,
    from: 'run-as: 65532',
    put: 'run-as: web',
    code: 'E0102',
    at: `${line}:13:11`,
    what: /`run-as` names web/,
    hint: /accounts.users/,
  },
  {
    situation: 'support ends on no day',
    file: line,
    from: '2027-04-30',
    put: '2027-02-30',
    at: `${line}:18:12`,
    what: /2027-02-30 is not a day/,
    hint: /2027-04-30/,
  },
  {
    situation: 'an architecture is unknown',
    file: line,
    from: 'arm64',
    put: 'riscv64',
    at: `${line}:14:17`,
    what: /must be one of x86_64/,
  },
  {
    situation: 'a file ends in .yml',
    file: 'lines/other.yml',
    put: 'contents: {}\n',
    at: 'lines/other.yml',
    what: /names end in .yaml/,
    hint: /git mv/,
  },
];

const shown: string[] = [];

for (const { situation, file, from, put, code = 'E0101', at, what, hint } of bad) {
  test(`parseCatalog() has one problem: ${situation}`, () => {
    const files = catalogFiles();
    const before = files.get(file);
    if (from !== undefined) assert.ok(before?.includes(from), 'the part to break is there');
    files.set(file, from === undefined ? put : (before ?? '').replace(from, () => put));
    const reading = parseCatalog(files, '/catalog');
    assert.ok(reading.kind === 'problems');
    assert.deepEqual(
      reading.problems.map((problem) => [problem.code, problem.detail.at, problem.message]).slice(1),
      [],
    );
    const [problem] = reading.problems;
    assert.ok(problem);
    shown.push(`${situation}\n\n${showProblem(problem)}`);
    assert.match(problem.message, what);
    assert.equal(problem.code, code);
    assert.equal(problem.detail.at, at);
    if (hint !== undefined) assert.match(problem.detail.hint ?? '', hint);
  });
}

test('showProblem() is what the golden file says, for every bad catalog', (t) => {
  t.assert.fileSnapshot(shown.join('\n'), join(import.meta.dirname, '../../../test/golden/catalog-problems.txt'), {
    serializers: [String],
  });
});
