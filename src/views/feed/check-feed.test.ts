import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedWorld } from '../../../test/support/feed-world.ts';
import { checkFeed } from './check-feed.ts';
import type { FeedFile } from './feed-file.ts';
import { feedFiles } from './feed-files.ts';

const whole = feedFiles(feedWorld());
const osv = 'osv/x_acme-images-CVE-2026-1001.json';
const vex = 'openvex/lines/hello-1.openvex.json';

/** Everything that can go wrong between the writer and the reader; the file that is named, and why. */
const rows: readonly (readonly [string, (files: readonly FeedFile[]) => readonly FeedFile[], string, RegExp])[] = [
  ['a record cut short', edited(osv, (text) => text.slice(0, 200)), osv, /stops being JSON/],
  ['a record that is none', edited(osv, () => '{}'), osv, /id: /],
  [
    'a record under another name',
    edited(osv, (text) => text.replace('CVE-2026-1001"', 'CVE-2026-9"')),
    osv,
    /not the name of the file/,
  ],
  [
    'an id without a registered prefix',
    edited(osv, (text) => text.replace('x_acme', 'acme')),
    osv,
    /no registered prefix/,
  ],
  [
    'an ecosystem of one’s own',
    edited(osv, (text) => text.replace('"versions"', '"package": {"ecosystem": "Acme", "name": "hello"}, "versions"')),
    osv,
    /Acme is not registered/,
  ],
  [
    'a record changed beside the archive',
    edited(osv, (text) => text.replace('1.0.1-r0', '1.0.2-r0')),
    'osv/all.zip',
    /another than beside it/,
  ],
  ['a damaged archive', edited('osv/all.zip', (text) => text.slice(0, -30)), 'osv/all.zip', /no zip/],
  [
    'a record taken away',
    (files) => files.filter(({ path }) => path !== osv),
    'osv/modified_id.csv',
    /which is not here/,
  ],
  [
    'a record nobody listed',
    (files) => [...files, fileOf('osv/x_other-1.json', '{"id":"x_other-1","modified":"2026-08-02T00:00:00Z"}')],
    'index.json',
    /is here and not listed/,
  ],
  [
    'a record nobody packed',
    (files) => [...files, fileOf('osv/x_other-1.json', '{"id":"x_other-1","modified":"2026-08-02T00:00:00Z"}')],
    'osv/all.zip',
    /is not in it/,
  ],
  [
    'rows out of order',
    edited('osv/modified_id.csv', (text) => text.trim().split('\n').toReversed().join('\n') + '\n'),
    'osv/modified_id.csv',
    /newer than the row before/,
  ],
  [
    'a justification left out',
    edited(vex, (text) => text.replace(/"justification": "[a-z_]+",\s*"impact_statement": "[^"]*",/, '')),
    vex,
    /justification/,
  ],
  [
    'two states of one product',
    edited(vex, (text) => text.replaceAll('CVE-2026-1002', 'CVE-2026-1001')),
    vex,
    /two states/,
  ],
  [
    'a product without a digest',
    edited(vex, (text) => text.replaceAll(/@sha256:[0-9a-f]{64}/g, '')),
    vex,
    /names no digest/,
  ],
  [
    'a secdb with a version that is none',
    edited('secdb/security.json', (text) => text.replace('"hello"', '"a b"')),
    'secdb/security.json',
    /package name/,
  ],
  ['a file of no feed', (files) => [...files, fileOf('readme.txt', 'hello')], 'readme.txt', /no feed has such a file/],
];

for (const [name, damage, file, why] of rows) {
  test(`checkFeed() names file and reason: ${name}`, () => {
    const { problems } = checkFeed(damage(whole));
    const found = problems.filter((problem) => problem.file.startsWith(file));
    assert.ok(
      found.some((problem) => why.test(problem.why)),
      JSON.stringify(problems, null, 1),
    );
  });
}

test('checkFeed() of nothing is no answer of yes', () => {
  assert.equal(checkFeed([]).problems.length, 1);
});

test('checkFeed() of a folder that another program wrote: without our own list, one format alone', () => {
  const only = whole.filter(({ path }) => path.startsWith('openvex/'));
  assert.deepEqual(checkFeed(only).problems, []);
});

function edited(path: string, edit: (text: string) => string): (files: readonly FeedFile[]) => readonly FeedFile[] {
  return (files) =>
    files.map((file) =>
      file.path === path
        ? { ...file, bytes: Buffer.from(edit(Buffer.from(file.bytes).toString('latin1')), 'latin1') }
        : file,
    );
}

function fileOf(path: string, text: string): FeedFile {
  return { path, mediaType: 'application/json', bytes: Buffer.from(text) };
}
