import { digestOf, type Digest } from '../../src/core/digest.ts';
import type { FactPayloads, NewFact } from '../../src/core/fact.ts';
import type { Component, Inventory } from '../../src/core/match/inventory.ts';
import { defaultPolicy } from '../../src/core/promise/policy.ts';

const lineCount = 1_000;
const componentsPerLine = 20;
/** Advisories speak of far more projects than anybody ships. */
const upstreamCount = 20_000;
const upstreamsInUse = 500;
const start = Temporal.Instant.from('2024-01-01T00:00:00Z');
const secondsApart = 60;
/** Each upstream releases once in the time of so many facts: every tenth fact is a release, and each is observed once. */
const factsPerVersion = 10 * upstreamCount;
/** A record is revised once in the time of so many facts, and every fifth of its revisions rates it anew. */
const recordCount = 60_000;
const factsPerRating = 5 * recordCount;

/** A ledger in proportion to a busy factory's: mostly confirmations, looks and advisories. The same facts each time. */
export function* ledgerFacts(count: number): Generator<NewFact> {
  for (let n = 0; n < count; n += 1) yield n === 0 ? policy() : n <= lineCount ? lineDeclared(n - 1) : ordinary(n);
}

/** The inventories that the confirmations among so many facts name: each line's components, at each version. */
export function ledgerInventories(count: number): (digest: Digest) => Inventory | undefined {
  const made = new Map<Digest, { readonly line: number; readonly version: string }>();
  for (let n = 0; n < count; n += factsPerVersion) {
    for (let line = 0; line < lineCount; line += 1) {
      const version = versionAt(n);
      made.set(inventoryDigest(line, version), { line, version });
    }
  }
  return (digest) => {
    const of = made.get(digest);
    return of && inventoryOfLine(of.line, of.version);
  };
}

function ordinary(n: number): NewFact {
  const kind = n % 10;
  if (kind === 0) return releaseObserved(n);
  if (kind <= 2) return advisoryRecorded(n);
  if (kind === 3) return imagePublished(n);
  if (kind <= 6) return imageConfirmed(n);
  return looked(n);
}

function fact<T extends Pick<NewFact, 'type' | 'payload'>>(n: number, about: T) {
  const at = instantAt(n);
  return { ...about, at: { from: at, to: at.add({ seconds: 1 }) }, by: 'suture', evidence: [digestOf(`answer ${n}`)] };
}

function instantAt(n: number): Temporal.Instant {
  return start.add({ seconds: n * secondsApart });
}

function policy(): NewFact {
  const payload = { digest: digestOf('policy'), from: start.toString(), policy: defaultPolicy };
  return fact(0, { type: 'policy-adopted', payload });
}

function lineDeclared(line: number): NewFact {
  const payload = { line: nameOf(line), architectures: ['amd64'], supportUntil: null } as const;
  return fact(line + 1, { type: 'line-declared', payload });
}

function nameOf(line: number): string {
  return `app-${line}:1`;
}

function upstreamOf(index: number): string {
  return `pkg:generic/project-${index % upstreamCount}`;
}

/** Versions grow with time, so what is confirmed later holds what was released before. */
function versionAt(n: number): string {
  return `1.0.${Math.floor(n / factsPerVersion)}`;
}

function releaseObserved(n: number): NewFact {
  const version = versionAt(n);
  const payload = {
    upstream: upstreamOf(n / 10),
    stream: '1.0',
    version,
    form: 'git-tag',
    ref: `v${version}`,
    objectId: digestOf(`tag ${n}`).slice(7, 47),
    commit: digestOf(`commit ${n}`).slice(7, 47),
    prerelease: false,
    verified: true,
  } as const;
  return { ...fact(n, { type: 'release-observed', payload }), sourceKey: `${n}` };
}

function advisoryRecorded(n: number): NewFact {
  const record = n % recordCount;
  const level = (n + Math.floor(n / factsPerRating)) % 3 === 0 ? 'high' : 'medium';
  const payload = {
    id: `CVE-2024-${10_000 + record}`,
    source: 'osv',
    aliases: [`GHSA-${record}`],
    summary: 'A crafted request makes the parser read beyond the end of its buffer, which ends the process',
    published: instantAt(record).toString(),
    modified: instantAt(n).toString(),
    withdrawn: null,
    severities: [{ source: 'nvd', type: 'label', vector: null, score: 7.5, level }],
    affected: [
      {
        package: upstreamOf(record),
        stream: null,
        scheme: 'semver',
        ranges: [{ introduced: '0', fixed: versionAt((n % 10) * factsPerVersion), lastAffected: null }],
        versions: [],
      },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
  } as const;
  return fact(n, { type: 'advisory-recorded', payload });
}

function imagePublished(n: number): NewFact {
  const payload: FactPayloads['image-published'] = {
    line: nameOf(n % lineCount),
    repository: `app-${n % lineCount}`,
    tag: '1',
    digest: digestOf(`image ${n}`),
    manifests: { amd64: digestOf(`manifest ${n}`) },
    packages: Array.from({ length: componentsPerLine }, (_, index) => `package-${index}=${versionAt(n)}-r0`),
    composition: digestOf(`composition ${n}`),
    reason: 'a release fixes what the line holds',
  };
  return fact(n, { type: 'image-published', payload });
}

function imageConfirmed(n: number): NewFact {
  const line = Math.floor(n / 10) % lineCount;
  const inventory = inventoryDigest(line, versionAt(n));
  const digest = digestOf(`manifest of ${line} at ${versionAt(n)}`);
  const payload = {
    line: nameOf(line),
    architecture: 'amd64',
    digest,
    inventory,
    advisorySet: digestOf(`advisories ${n}`),
  } as const;
  return fact(n, { type: 'image-confirmed', payload });
}

function inventoryDigest(line: number, version: string): Digest {
  return digestOf(`inventory ${line} ${version}`);
}

function inventoryOfLine(line: number, version: string): Inventory {
  const components = Array.from({ length: componentsPerLine }, (_, index): Component => {
    const upstream = upstreamOf((line * 7 + index * 25) % upstreamsInUse);
    const name = `package-${index}`;
    return {
      purl: `${upstream}@${version}`,
      version,
      scheme: 'semver',
      upstream,
      stream: '1.0',
      edge: 'is',
      package: name,
      patched: [],
    };
  });
  return { packages: [], components };
}

function looked(n: number): NewFact {
  const versions = Array.from({ length: 5 }, (_, index) => versionAt(Math.max(0, n - index * factsPerVersion)));
  const payload = { upstream: upstreamOf(n % upstreamsInUse), form: 'git-tag', versions } as const;
  return { ...fact(n, { type: 'looked', payload }), sourceKey: `${n}` };
}
