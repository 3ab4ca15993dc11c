import type { Catalog, Line, Recipe } from '../../src/core/catalog/catalog.ts';
import { type Digest, digestOf } from '../../src/core/digest.ts';
import type { Architecture, ImagePublished, NewFact, PackageBuilt } from '../../src/core/fact.ts';
import type { AdvisoryRecord, SeverityLevel } from '../../src/core/match/advisory.ts';
import { encodeInventory } from '../../src/core/match/inventory-json.ts';
import type { Composition } from '../../src/core/plan/step.ts';
import { stepKey } from '../../src/core/plan/step-key.ts';
import { canonicalJson } from '../../src/core/ledger/canonical-json.ts';
import * as busy from './busy-catalog.ts';

/** Lines that had an older image, whose flaw the newest one ended in time. */
const mendedLines = 2_500;

/** Long ago: what is declared, released and built, and the older images. */
export function* longAgo(catalog: Catalog, at: Temporal.Instant): Generator<NewFact> {
  const policy = { digest: digestOf(canonicalJson(catalog.policy)), from: at.toString(), policy: catalog.policy };
  yield { ...fact(at), type: 'policy-adopted', payload: policy };
  for (const { line, architectures, supportUntil } of catalog.lines) {
    yield { ...fact(at), type: 'line-declared', payload: { line, architectures, supportUntil } };
  }
  for (const [index, each] of catalog.recipes.entries()) {
    yield released({ upstream: busy.projectOf(index), stream: '1.0', version: '0.9.0' }, at);
    if (each.version !== '1.0.0') yield* builds({ ...each, version: '1.0.0' }, at);
    yield* builds(each, at);
  }
  for (let index = 0; index < mendedLines; index += 1) yield* confirmations(catalog, index, { at, before: true });
}

/** The images that stand now: published, pulled back, confirmed. */
export function* images(
  catalog: Catalog,
  compositionOf: (line: Line) => Composition,
  at: Temporal.Instant,
): Generator<NewFact> {
  for (const [index, line] of catalog.lines.entries()) {
    yield { ...fact(at), type: 'image-published', payload: publication(line, compositionOf(line)) };
    yield* confirmations(catalog, index, { at, before: false });
  }
}

/** Advisories and releases until `open` obligations are open, and as many advisories that cover nothing held any more. */
export function* flaws(open: number, now: Temporal.Instant): Generator<NewFact> {
  const late = now.subtract({ hours: 30 * 24 });
  const lately = now.subtract({ hours: 24 });
  for (let index = 0; index < busy.recipeCount; index += 1) {
    for (const version of new Set(['1.0.0', busy.versionOf(index)])) {
      yield released({ upstream: busy.projectOf(index), stream: '1.0', version }, late);
    }
    if (index < mendedLines) yield advised(index, { about: project(index, '1.0.0'), at: late });
  }
  const lines = Array.from({ length: busy.lineCount }, (_, index) => index);
  const held = lines.filter(busy.isHeld);
  for (const index of held) yield advised(10_000 + index, { about: project(busy.productOf(index), '1.0.5'), at: late });
  const holders = holdersOfOldest();
  for (let n = 0, opened = held.length; opened < open; n += 1) {
    const module = (n * 7) % busy.moduleCount;
    const about = { package: busy.moduleOf(module), scheme: 'go' } as const;
    const isWaiting = module % 3 === 0;
    yield advised(20_000 + n, { about: { ...about, fixed: isWaiting ? null : '1.1.0' }, at: lately });
    yield advised(40_000 + n, { about: { ...about, fixed: '0.9.0' }, at: lately });
    if (n < busy.moduleCount && !isWaiting) {
      const at = module % 20 === 1 ? late : lately;
      yield released({ upstream: about.package, stream: '1', version: '1.1.0' }, at);
    }
    opened += holders.get(module) ?? 0;
  }
}

/** The n-th new flaw of a running factory: in a product of its own (its few lines), or in a module (more lines). */
export function newFlaw(n: number, at: Temporal.Instant): NewFact {
  const about =
    n % 2 === 0
      ? project(61 + n * 10, null)
      : ({ package: busy.moduleOf(n * 31), scheme: 'go', fixed: '1.1.0' } as const);
  return advised(80_000 + n, { about, at });
}

/** The bytes of an inventory that a confirmation made here names. */
export function inventoryBytes(digest: Digest): Uint8Array | undefined {
  const made = inventories.get(digest);
  return made && encodeInventory(busy.inventoryOf(made.index, made));
}

const inventories = new Map<
  Digest,
  { readonly index: number; readonly architecture: Architecture; readonly before: boolean }
>();

function* confirmations(
  catalog: Catalog,
  index: number,
  { at, before }: { readonly at: Temporal.Instant; readonly before: boolean },
): Generator<NewFact> {
  const line = catalog.lines[index]?.line ?? '';
  for (const architecture of catalog.lines[index]?.architectures ?? []) {
    const inside = `${busy.productOf(index)} ${busy.isHeld(index)} ${architecture} ${before}`;
    const inventory = digestOf(`inventory ${inside}`);
    inventories.set(inventory, { index, architecture, before });
    const digest = manifestOf(line, architecture, before);
    const advisorySet = digestOf('advisories');
    const payload = { line, architecture, digest, inventory, advisorySet };
    yield { ...fact(at), type: 'image-confirmed', payload, sourceKey: at.toString() };
  }
}

function publication(
  { line, repository, tag, architectures }: Line,
  { digest, packages }: Composition,
): ImagePublished {
  return {
    line,
    repository,
    tag,
    digest: digestOf(`index of ${line}`),
    manifests: Object.fromEntries(architectures.map((each) => [each, manifestOf(line, each, false)])),
    packages: packages.map((each) => `${each.name}=${each.version}`),
    composition: digest,
    reason: `${line} has other packages now`,
  };
}

function manifestOf(line: string, architecture: Architecture, before: boolean): Digest {
  return digestOf(`manifest ${line} ${architecture} ${before}`);
}

function* builds(recipe: Recipe, at: Temporal.Instant): Generator<NewFact> {
  for (const architecture of recipe.architectures) {
    const key = stepKey(recipe, architecture);
    const payload: PackageBuilt = {
      recipe: recipe.recipe,
      name: recipe.name,
      version: `${recipe.version}-r${recipe.epoch}`,
      architecture,
      digest: digestOf(key),
      sizeBytes: 1_000_000,
      stepKey: key,
      upstream: recipe.upstream.purl,
      upstreamVersion: recipe.version,
      sourceDigest: digestOf(`source of ${recipe.recipe} ${recipe.version}`),
      form: 'git-tag',
      isolation: 'bubblewrap',
      sourceEpoch: 1_700_000_000,
    };
    yield { ...fact(at), type: 'package-built', payload };
  }
}

function released(
  release: { readonly upstream: string; readonly stream: string; readonly version: string },
  at: Temporal.Instant,
): NewFact {
  const commit = digestOf(`${release.upstream} ${release.version}`).slice(7, 47);
  const rest = { form: 'git-tag', ref: `v${release.version}`, commit, prerelease: false, verified: null } as const;
  return { ...fact(at), type: 'release-observed', payload: { ...release, ...rest } };
}

interface About {
  readonly package: string;
  readonly scheme: 'go' | 'semver';
  /** Null: no release has the fix. */
  readonly fixed: string | null;
}

function project(index: number, fixed: string | null): About {
  return { package: busy.projectOf(index), scheme: 'semver', fixed };
}

const newestFlawed = { go: '1.0.0', semver: '1.0.5' } as const;

const levels: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'medium', 'low'];

function advised(n: number, { about, at }: { readonly about: About; readonly at: Temporal.Instant }): NewFact {
  const { package: name, scheme, fixed } = about;
  const level = levels[n % levels.length] ?? 'low';
  const payload: AdvisoryRecord = {
    id: `CVE-2026-${n}`,
    source: 'osv',
    aliases: [`GHSA-${n}`],
    summary: 'A crafted request makes the parser read beyond the end of its buffer, which ends the process',
    published: at.toString(),
    modified: at.toString(),
    withdrawn: null,
    severities: [{ source: 'nvd', type: 'label', vector: null, score: null, level }],
    affected: [
      {
        package: name,
        stream: null,
        scheme,
        ranges: [{ introduced: '0', fixed, lastAffected: fixed === null ? newestFlawed[scheme] : null }],
        versions: [],
      },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
  return { ...fact(at), type: 'advisory-recorded', payload };
}

/** How many lines hold each module at the version that every flaw here is in. */
function holdersOfOldest(): ReadonlyMap<number, number> {
  const holders = new Map<number, number>();
  for (let line = 0; line < busy.lineCount; line += 1) {
    for (const { module, minor } of busy.modulesOf(line)) {
      if (minor === 0) holders.set(module, (holders.get(module) ?? 0) + 1);
    }
  }
  return holders;
}

function fact(at: Temporal.Instant) {
  return { at: { from: at, to: at.add({ seconds: 1 }) }, by: 'suture', evidence: [] };
}
