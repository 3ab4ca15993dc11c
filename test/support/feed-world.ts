import { digestOf } from '../../src/core/digest.ts';
import type { Architecture, Statement } from '../../src/core/fact.ts';
import type { Component, Inventory } from '../../src/core/match/inventory.ts';
import type { Obligation, Standing } from '../../src/core/promise/standing.ts';
import type { FeedImage, FeedLine, FeedWorld } from '../../src/views/feed/feed-facts.ts';
import { NOW, obligation, type ObligationSketch } from './obligation.ts';

const confirmedFirst = Temporal.Instant.from('2026-07-12T10:05:00Z');
const confirmedLast = Temporal.Instant.from('2026-08-01T10:00:00Z');
const fixedAt = '2026-08-01T10:00:01Z';

/** A line of our own packages that was raised from hello 1.0.0-r0 to 1.0.1-r0, and one on Debian beside it. */
export function feedWorld(change: Partial<FeedLine> = {}): FeedWorld {
  const hello: FeedLine = {
    line: 'hello:1',
    repository: 'registry.example/team/hello',
    tag: '1',
    digest: digestOf('index'),
    images: [imageOf('amd64', apkInventory), imageOf('arm64', apkInventory)],
    past: [
      { at: confirmedFirst, packages: ['hello=1.0.0-r0'] },
      { at: confirmedLast, packages: ['hello=1.0.1-r0'] },
    ],
    obligations: [
      of('CVE-2026-1001', 'waiting'),
      of('CVE-2026-1002', 'met', { t0: '2026-07-31T12:00:00Z', t1: fixedAt, aliases: ['GHSA-1111-2222-3333'] }),
      of('CVE-2026-1003', 'not-affected'),
      of('CVE-2026-1004', 'on-track', { t0: '2026-08-02T09:00:00Z' }),
    ],
    statements: [stated('CVE-2026-1003', 'hello:1')],
    held: [],
    ...change,
  };
  return {
    publisher: 'acme images',
    programVersion: '0.1.0',
    at: NOW,
    ledger: { seq: 412, hash: 'ab'.repeat(32) },
    lines: [hello, debianLine()],
    own: new Map([
      ['hello=1.0.0-r0', { name: 'hello', version: '1.0.0-r0', recipe: 'hello-1', format: 'apk' }],
      ['hello=1.0.1-r0', { name: 'hello', version: '1.0.1-r0', recipe: 'hello-1', format: 'apk' }],
      ['curl=8.15.0-1suture1', { name: 'curl', version: '8.15.0-1suture1', recipe: 'curl', format: 'deb' }],
    ]),
  };
}

/** One that concerns the package hello, which holds it since the first image. */
export function of(vulnerability: string, standing: Standing, more: Partial<ObligationSketch> = {}): Obligation {
  const version = more.t1 === undefined ? '1.0.1' : '1.0.0';
  const fix = more.t1 === undefined ? '1.0.2' : '1.0.1';
  const one = obligation({ vulnerability, line: 'hello:1', standing, component: 'hello', version, fix, ...more });
  const [claim] = one.claims;
  if (claim === undefined) return one;
  const architectures = (['amd64', 'arm64'] as const).flatMap((architecture) =>
    claim.architectures.map((each) => ({ ...each, architecture })),
  );
  return { ...one, claims: [{ ...claim, versions: [version], architectures }] };
}

function debianLine(): FeedLine {
  const waiting = obligation({
    vulnerability: 'CVE-2026-2001',
    line: 'curl:8',
    standing: 'waiting',
    component: 'curl',
  });
  const imported = obligation({
    vulnerability: 'CVE-2026-2002',
    line: 'curl:8',
    standing: 'waiting',
    component: 'zlib1g',
  });
  return {
    line: 'curl:8',
    repository: 'registry.example/team/curl',
    tag: '8',
    digest: digestOf('curl index'),
    images: [imageOf('amd64', debInventory, 'curl ')],
    past: [{ at: confirmedFirst, packages: ['curl=8.15.0-1suture1', 'zlib1g=1:1.3.dfsg-3'] }],
    obligations: [waiting, imported],
    statements: [],
    held: [{ name: 'curl', bound: '<9' }],
  };
}

function stated(vulnerability: string, line: string): Statement {
  return {
    vulnerability,
    line,
    status: 'not_affected',
    justification: 'vulnerable_code_not_present',
    impact: 'The module is not built.',
    author: 'acme',
  };
}

function imageOf(architecture: Architecture, inventory: Inventory, which = ''): FeedImage {
  return { architecture, digest: digestOf(`${which}image ${architecture}`), inventory };
}

const component: Component = {
  purl: 'pkg:generic/hello@1.0.1',
  version: '1.0.1',
  scheme: 'semver',
  upstream: 'pkg:generic/hello',
  stream: '3.0',
  edge: 'is',
  package: 'hello',
  patched: [],
};

const apkInventory: Inventory = {
  packages: [{ name: 'hello', version: '1.0.1-r0', architecture: 'x86_64', origin: 'hello-1', license: 'MIT' }],
  components: [component],
};

const debInventory: Inventory = {
  packages: [
    { name: 'curl', version: '8.15.0-1suture1', architecture: 'amd64', origin: 'curl', license: '' },
    { name: 'zlib1g', version: '1:1.3.dfsg-3', architecture: 'amd64', origin: 'zlib', license: '' },
  ],
  components: [
    { ...component, purl: 'pkg:generic/curl@3.0.17', version: '3.0.17', upstream: 'pkg:generic/curl', package: 'curl' },
  ],
};
