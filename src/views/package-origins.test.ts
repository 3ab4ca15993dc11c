import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../core/digest.ts';
import { spellImported, spellOrigin, type PackageOrigin } from './package-origins.ts';

const built: Extract<PackageOrigin, { kind: 'built' }> = {
  kind: 'built',
  name: 'expat',
  version: '2.5.0-1suture2',
  upstream: 'pkg:generic/expat',
  upstreamVersion: '2.5.0',
  sourceDigest: digestOf('source'),
  delta: { patches: [], options: [] },
  rootLock: null,
};
const imported = (suite: string): PackageOrigin => ({
  kind: 'imported',
  name: 'libssl3',
  version: '3.0.20-1',
  suite,
  source: { name: 'openssl', version: '3.0.20-1' },
});

test('spellOrigin() says that nothing was changed', () => {
  assert.equal(spellOrigin(built), 'pkg:generic/expat 2.5.0, no patch');
});

test('spellOrigin() claims nothing about builds from before it was recorded', () => {
  assert.equal(spellOrigin({ ...built, delta: null }), 'pkg:generic/expat 2.5.0; how it differs was not recorded');
});

test('spellOrigin() says what was patched, by how much, and how it is built', () => {
  const patch = {
    file: 'patches/fix.patch',
    digest: digestOf('patch'),
    fixes: ['CVE-2099-0001'],
    linesAdded: 3,
    linesRemoved: 1,
  };
  const delta = { patches: [patch], options: ['CFLAGS=-O2', './configure --without-docbook'] };
  assert.equal(
    spellOrigin({ ...built, delta }),
    'pkg:generic/expat 2.5.0, patches/fix.patch (+3 −1, fixes CVE-2099-0001); built with CFLAGS=-O2, ./configure --without-docbook',
  );
});

test('spellImported() counts by suite', () => {
  assert.equal(spellImported([built]), undefined);
  const origins = [imported('bookworm'), imported('bookworm-security'), imported('bookworm')];
  assert.equal(spellImported(origins), '3 as Debian ships them: bookworm 2, bookworm-security 1');
});
