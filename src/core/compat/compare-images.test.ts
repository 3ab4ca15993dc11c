import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWithPredecessor } from './compare-images.ts';
import { diffImages } from './diff-images.ts';
import type { ConfigFacts, FileFact, ImageFacts } from './image-facts.ts';

const config: ConfigFacts = {
  entrypoint: ['/usr/bin/hello'],
  cmd: [],
  environment: { PATH: '/usr/bin' },
  workDir: '/',
  user: '65532:65532',
  exposedPorts: ['80/tcp'],
  volumes: ['/data'],
  stopSignal: '',
};
const hello = (version: string) => ({
  name: 'hello',
  version,
  architecture: 'x86_64',
  origin: 'hello',
  license: 'MIT',
});
const file = (path: string, change: Partial<FileFact> = {}): FileFact => ({
  path,
  kind: 'file',
  mode: 0o755,
  uid: 0,
  gid: 0,
  sizeBytes: 1,
  content: 'aa',
  ...change,
});
const image = (files: readonly FileFact[], change: Partial<Omit<ImageFacts, 'files'>> = {}): ImageFacts => ({
  architecture: 'amd64',
  config,
  packages: [hello('1.0.0-r0')],
  sizeBytes: 10_000_000,
  ...change,
  files: new Map(files.map((one) => [one.path, one])),
});

const next = { packages: [hello('1.0.1-r0')] };
const withConfig = (change: Partial<ConfigFacts>) => ({ config: { ...config, ...change } });

const library = (path: string, soname: string, ...symbols: readonly string[]) =>
  file(path, { library: { soname, symbols } });

const rows: readonly {
  readonly what: string;
  readonly before: ImageFacts;
  readonly after: ImageFacts;
  readonly found: readonly string[];
}[] = [
  { what: 'nothing changed', before: image([file('a')]), after: image([file('a')]), found: [] },
  {
    what: 'a program with other content',
    before: image([file('usr/bin/a')]),
    after: image([file('usr/bin/a', { content: 'bb' })]),
    found: [],
  },
  { what: 'a new file', before: image([]), after: image([file('a')]), found: [] },
  { what: 'a removed file', before: image([file('usr/bin/a')]), after: image([]), found: ['file-removed usr/bin/a'] },
  {
    what: 'a library that offers more, in another file',
    before: image([library('usr/lib/libz.so.1.2', 'libz.so.1', 'a')], { packages: [hello('1.2-r0')] }),
    after: image([library('usr/lib/libz.so.1.3', 'libz.so.1', 'a', 'b')], { packages: [hello('1.3-r0')] }),
    found: [],
  },
  {
    what: 'a library that offers less',
    before: image([library('usr/lib/libz.so.1', 'libz.so.1', 'a', 'b')]),
    after: image([library('usr/lib/libz.so.1', 'libz.so.1', 'a')]),
    found: ['symbol-removed usr/lib/libz.so.1'],
  },
  {
    what: 'a library with another soname, even under a name that a version change explains',
    before: image([library('usr/lib/libz.so.1.2', 'libz.so.1.2')], { packages: [hello('1.2-r0')] }),
    after: image([library('usr/lib/libz.so.1.3', 'libz.so.1.3')], { packages: [hello('1.3-r0')] }),
    found: ['soname-removed usr/lib/libz.so.1.2'],
  },
  {
    what: 'a file whose name differs by more than the bare number of a version',
    before: image([file('usr/bin/tool1')], { packages: [hello('1-r0')] }),
    after: image([file('usr/bin/tool2')], { packages: [hello('2-r0')] }),
    found: ['file-removed usr/bin/tool1'],
  },
  { what: 'a removed folder', before: image([file('a', { kind: 'directory' })]), after: image([]), found: [] },
  {
    what: 'a removed manual page',
    before: image([file('usr/share/man/man1/a.1'), file('var/lib/db/sbom/hello-1.0.0-r0.spdx.json')]),
    after: image([]),
    found: [],
  },
  {
    what: 'a library under its new version',
    before: image([file('usr/lib/libh.so.1.0.0')]),
    after: image([file('usr/lib/libh.so.1.0.1')], next),
    found: [],
  },
  {
    what: 'a library that is gone with the new version',
    before: image([file('usr/lib/libh.so.1.0.0')]),
    after: image([file('usr/lib/libh.so.2')], next),
    found: ['file-removed usr/lib/libh.so.1.0.0'],
  },
  {
    what: 'a changed file under /etc',
    before: image([file('etc/h.conf')]),
    after: image([file('etc/h.conf', { content: 'bb' })]),
    found: ['config-changed etc/h.conf'],
  },
  {
    what: 'a changed database or name under /etc',
    before: image([file('etc/apk/world'), file('etc/os-release')]),
    after: image([file('etc/apk/world', { content: 'b' }), file('etc/os-release', { content: 'b' })]),
    found: [],
  },
  {
    what: 'a file under /etc that became a link',
    before: image([file('etc/h')]),
    after: image([file('etc/h', { kind: 'symlink', content: 'aa' })]),
    found: ['config-changed etc/h'],
  },
  {
    what: 'a new variable',
    before: image([]),
    after: image([], withConfig({ environment: { PATH: '/usr/bin', A: '1' } })),
    found: [],
  },
  {
    what: 'a changed variable',
    before: image([]),
    after: image([], withConfig({ environment: { PATH: '/bin' } })),
    found: ['config-changed'],
  },
  {
    what: 'a variable that is gone',
    before: image([]),
    after: image([], withConfig({ environment: {} })),
    found: ['config-changed'],
  },
  {
    what: 'another working directory',
    before: image([]),
    after: image([], withConfig({ workDir: '/app' })),
    found: ['config-changed'],
  },
  {
    what: 'a port and a volume that are gone',
    before: image([]),
    after: image([], withConfig({ exposedPorts: [], volumes: [] })),
    found: ['config-changed', 'config-changed'],
  },
  {
    what: 'another entrypoint',
    before: image([]),
    after: image([], withConfig({ entrypoint: ['/bin/sh'] })),
    found: ['entrypoint-changed'],
  },
  {
    what: 'another command',
    before: image([]),
    after: image([], withConfig({ cmd: ['-v'] })),
    found: ['entrypoint-changed'],
  },
  { what: 'another user', before: image([]), after: image([], withConfig({ user: '' })), found: ['user-changed'] },
  {
    what: 'a new program with set-user-id',
    before: image([]),
    after: image([file('a', { mode: 0o4755 })]),
    found: ['setuid-added a'],
  },
  {
    what: 'set-group-id on a known one',
    before: image([file('a', { mode: 0o4755 })]),
    after: image([file('a', { mode: 0o6755 })]),
    found: ['setuid-added a'],
  },
  {
    what: 'set-user-id that was there',
    before: image([file('a', { mode: 0o4755 })]),
    after: image([file('a', { mode: 0o4755 })]),
    found: [],
  },
  { what: 'a quarter more', before: image([]), after: image([], { sizeBytes: 12_500_000 }), found: [] },
  {
    what: 'more than a quarter more',
    before: image([]),
    after: image([], { sizeBytes: 12_500_001 }),
    found: ['size-grew'],
  },
  {
    what: 'double, but small',
    before: image([], { sizeBytes: 1_000 }),
    after: image([], { sizeBytes: 2_000 }),
    found: [],
  },
];

for (const { what, before, after, found } of rows) {
  test(`compareWithPredecessor(): ${what}`, () => {
    assert.deepEqual(
      compareWithPredecessor(before, after).map((one) => [one.kind, ...one.paths].join(' ')),
      found,
    );
  });
}

test('compareWithPredecessor() finds nothing about the first image of a line', () => {
  assert.deepEqual(compareWithPredecessor(null, image([file('a', { mode: 0o4755 })])), []);
});

test('diffImages() tells packages, files, configuration and size apart', () => {
  const before = image([file('a'), file('b'), file('c')], {
    packages: [hello('1.0.0-r0'), { ...hello('1'), name: 'old' }],
  });
  const after = image([file('b', { content: 'bb', mode: 0o644 }), file('c', { uid: 1 }), file('d')], {
    ...withConfig({ user: '0', environment: { PATH: '/bin', A: '1' } }),
    packages: [hello('1.0.1-r0'), { ...hello('1'), name: 'new' }],
    sizeBytes: 11,
  });
  assert.deepEqual(diffImages(before, after), {
    packages: {
      added: [{ ...hello('1'), name: 'new' }],
      removed: [{ ...hello('1'), name: 'old' }],
      changed: [{ name: 'hello', before: '1.0.0-r0', after: '1.0.1-r0' }],
    },
    files: {
      added: ['d'],
      removed: ['a'],
      changed: [
        { path: 'b', what: ['content', 'mode'] },
        { path: 'c', what: ['owner'] },
      ],
    },
    config: [
      { field: 'environment A', before: '', after: '1' },
      { field: 'environment PATH', before: '/usr/bin', after: '/bin' },
      { field: 'user', before: '65532:65532', after: '0' },
    ],
    size: { beforeBytes: 10_000_000, afterBytes: 11 },
  });
});
