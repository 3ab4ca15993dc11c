import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, AffectedPackage, AffectedRange, Severity } from '../../core/match/advisory.ts';
import { rustImports } from '../osv/affected-imports.ts';
import { startOfDay } from '../osv/instant-of.ts';
import { rateCvss } from '../osv/rate-cvss.ts';
import { type Interval, rangesOutside } from '../requirement/affected-ranges.ts';
import { cargoOrder, cargoRequirement } from '../requirement/cargo-requirement.ts';
import { unusableRecord } from '../unusable-record.ts';
import { parseToml } from './parse-toml.ts';

const BYTES_MAX = 2 ** 20;

const id = z.string().regex(/^[\w.:+~-]{1,200}$/, 'an id has no blanks and at most 200 characters');
const texts = z.array(z.string().min(1).max(1_000)).max(1_000);

const advisory = z.object({
  advisory: z.object({
    id,
    package: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'the name of a crate'),
    date: z.iso.date(),
    withdrawn: z.iso.date().optional(),
    aliases: z.array(id).max(1_000).default([]),
    informational: z.string().max(100).optional(),
    cvss: z.string().max(1_000).optional(),
    categories: texts.default([]),
  }),
  affected: z
    .object({ functions: z.record(z.string(), texts).default({}), os: texts.default([]), arch: texts.default([]) })
    .prefault({}),
  versions: z.object({ patched: texts.default([]), unaffected: texts.default([]) }),
});

type Advisory = z.infer<typeof advisory>;

/**
 * One advisory of RustSec: TOML at the head of a Markdown file (rustsec/advisory-db, README "Advisory format"). All
 * versions that are neither patched nor unaffected are affected. What is filed under `rust/` is about the toolchain.
 * Throws Failure E0202 or E0205.
 */
export function parseRustsec(bytes: Uint8Array, { name }: { readonly name: string }): AdvisoryRecord {
  if (bytes.length > BYTES_MAX) {
    throw new Failure('E0205', `${name} is larger than ${BYTES_MAX} bytes`, { at: name, retryable: false });
  }
  const [, head, title = ''] = FORM.exec(new TextDecoder().decode(bytes)) ?? [];
  if (head === undefined) throw unusableRecord(name, { why: 'it does not begin with ```toml' });
  const read = advisoryIn(head, name);
  const { advisory: said } = read;
  const informational = INFORMATIONAL.find((kind) => kind === said.informational?.trim());
  const since = startOfDay(said.date);
  return {
    id: said.id,
    source: 'rustsec',
    aliases: [...new Set(said.aliases)].filter((alias) => alias !== said.id),
    summary: title.slice(0, 300).toWellFormed(),
    published: since,
    modified: startOfDay(said.withdrawn) ?? since ?? '1970-01-01T00:00:00Z',
    withdrawn: startOfDay(said.withdrawn),
    severities: severitiesOf(said),
    affected: informational === undefined || informational === 'unsound' ? [affectedOf(read, name)] : [],
    exploitedSince: null,
    epss: null,
    malicious: said.categories.includes('malicious') || MALICIOUS.test(title),
    ...(informational !== undefined && { informational }),
  };
}

/** The block, and behind it the first heading. */
const FORM = /^```toml\r?\n([\s\S]*?)\n```[ \t]*\r?\n(?:\s*# *([^\r\n]*))?/;

const MALICIOUS = /^malicious crate |malicious code$/;

const INFORMATIONAL = ['unmaintained', 'unsound', 'notice'] as const;

function advisoryIn(head: string, name: string): Advisory {
  const toml = parseToml(head);
  if (toml.kind === 'problem') throw unusableRecord(name, { at: `${name}:${toml.line + 1}:1`, why: toml.why });
  const parsed = advisory.safeParse(toml.table);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unusableRecord(name, { why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as the format says'}` });
}

function severitiesOf({ cvss }: Advisory['advisory']): readonly Severity[] {
  const rated = rateCvss(cvss ?? '', 'vendor');
  return rated === undefined ? [] : [rated];
}

function affectedOf({ advisory: said, affected, versions }: Advisory, name: string): AffectedPackage {
  const isToolchain = /(?:^|[/!])rust\/[^/]+\/[^/]+\.md$/.test(name);
  const imports = rustImports(said.package, {
    functions: Object.keys(affected.functions),
    os: affected.os,
    architectures: affected.arch,
  });
  const whole = isToolchain ? [{ path: said.package, symbols: [], os: [], architectures: [] }] : [];
  const narrowed = imports.length > 0 ? imports : whole;
  return {
    package: isToolchain ? 'pkg:generic/rust' : `pkg:cargo/${said.package}`,
    stream: null,
    scheme: 'semver',
    ranges: affectedRanges([...versions.patched, ...versions.unaffected], name),
    versions: [],
    ...(narrowed.length > 0 && { imports: narrowed }),
  };
}

function affectedRanges(good: readonly string[], name: string): readonly AffectedRange[] {
  const intervals = good.flatMap((text): readonly Interval[] => {
    const read = cargoRequirement(text);
    if (read === undefined) throw unusableRecord(name, { why: `versions: "${text.slice(0, 60)}" is no requirement` });
    return read;
  });
  return rangesOutside(intervals, cargoOrder);
}
