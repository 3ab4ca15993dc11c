import { Failure } from '../../core/failure.ts';
import { compareVersions } from '../../core/version/compare.ts';
import { buildInText, type GoRecipe, mayBuildGo, parseGoRecipe } from '../../formats/melange/go-recipe.ts';
import { packageKey } from '../../formats/osv/package-key.ts';
import type { WrittenEvent } from '../../formats/replay/recorded-event.ts';
import { eachBlob, type FileChange, filesAt, pathHistory } from '../git/path-history.ts';
import { KeptBranches } from './kept-branches.ts';
import type { NamedRelease } from './named-release.ts';

const GO = 'pkg:golang/stdlib';

export interface ImportedRecipes {
  readonly events: readonly Exclude<WrittenEvent, { readonly kind: 'history' | 'release' | 'advisory' }>[];
  readonly named: readonly NamedRelease[];
  readonly branches: KeptBranches;
  /** How many texts were no YAML that could be read. */
  readonly unreadable: number;
}

interface Wanted {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  /** Packages that advisories speak of: nothing else can be flawed. */
  readonly packages: ReadonlySet<string>;
}

/** What Go programs were built with and of, at the begin of a period and at each commit in it. */
export async function importRecipes(gitFolder: string, wanted: Wanted): Promise<ImportedRecipes> {
  const paths = [':(glob)*.yaml'];
  const found = await filesAt({ gitFolder, paths: [] }, wanted.from);
  const before = found
    .filter(({ path }) => /^[^/]+\.yaml$/.test(path))
    .toSorted((a, b) => Number(isCompiler(b.path)) - Number(isCompiler(a.path)))
    .map((each) => ({ ...each, committedAt: wanted.from }));
  const since = wanted.from;
  const changes = await pathHistory({ gitFolder, paths, since, until: wanted.to });
  const reader = new RecipeReader(wanted.packages);
  for (const some of chunksOf([...before, ...changes], CHANGES_AT_ONCE)) {
    const texts = new Map<string, Uint8Array>();
    for await (const [blob, bytes] of eachBlob(
      gitFolder,
      some.flatMap(({ blob }) => blob ?? []),
    ))
      texts.set(blob, bytes);
    for (const change of some) reader.take(change, change.blob === null ? null : (texts.get(change.blob) ?? null));
  }
  return reader;
}

const CHANGES_AT_ONCE = 2000;

function isCompiler(path: string): boolean {
  return /^go-1\.\d+\.yaml$/.test(path);
}

function* chunksOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

type Held =
  | {
      readonly kind: 'held';
      readonly at: Temporal.Instant;
      readonly line: string;
      readonly held: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'end'; readonly at: Temporal.Instant; readonly line: string };

/** Follows each recipe through its texts, with the compilers that there were at the time. */
class RecipeReader implements ImportedRecipes {
  readonly #events: Held[] = [];
  readonly named: NamedRelease[] = [];
  readonly branches = new KeptBranches();
  unreadable = 0;
  readonly #packages: ReadonlySet<string>;
  /** By minor release. */
  readonly #compilers = new Map<string, string>();
  readonly #builds = new Map<string, string>();
  /** Components of each line, by upstream. */
  readonly #held = new Map<string, ReadonlyMap<string, string>>();

  constructor(packages: ReadonlySet<string>) {
    this.#packages = packages;
  }

  /** What a line was not declared with declares it anew: another module, or another branch of one. */
  get events(): ImportedRecipes['events'] {
    const declared = new Map<string, Map<string, string>>();
    return this.#events.map((event) => {
      const { kind, line } = event;
      const at = event.at.toString();
      if (kind === 'end') {
        declared.delete(line);
        return { kind, at, line };
      }
      const components = [...event.held].map(([upstream, version]) => {
        return { upstream, version, stream: this.branches.of(upstream, version) };
      });
      const before = declared.get(line) ?? new Map<string, string>();
      const isNew = components.some(({ upstream, stream }) => before.get(upstream) !== stream);
      declared.set(line, new Map(components.map(({ upstream, stream }) => [upstream, stream])));
      return { kind: isNew ? 'line' : 'held', at, line, components };
    });
  }

  take({ path, committedAt: at }: FileChange, bytes: Uint8Array | null): void {
    const line = path.slice(0, -'.yaml'.length);
    if (bytes === null) return this.#end(line, at);
    const text = new TextDecoder().decode(bytes);
    const build = buildInText(text);
    if (build === null || this.#builds.get(line) === build) return;
    this.#builds.set(line, build);
    if (isCompiler(path)) return this.#compiler(text, at);
    if (!mayBuildGo(text)) return;
    const recipe = this.#read(bytes, path);
    const held = recipe === null ? null : this.#componentsOf(recipe, line);
    if (recipe === null || held === null) return;
    for (const [upstream, version] of held) if (upstream !== GO) this.named.push({ upstream, version, at });
    this.#hold(line, held, at);
  }

  #read(bytes: Uint8Array, path: string): GoRecipe | null {
    try {
      return parseGoRecipe(bytes, path);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.unreadable += 1;
      return null;
    }
  }

  #compiler(text: string, at: Temporal.Instant): void {
    const version = /^ {2}version:\s*"?([0-9]+\.[0-9]+(?:\.[0-9]+)*)"?\s*$/m.exec(text)?.[1];
    const minor = version === undefined ? undefined : /^\d+\.\d+/.exec(version)?.[0];
    if (version === undefined || minor === undefined) return;
    this.#compilers.set(minor, version);
    this.named.push({ upstream: GO, version, at });
  }

  /** Null where no recipe makes the compiler that it asks for. */
  #componentsOf({ compiler, version, repository, raised }: GoRecipe, line: string): ReadonlyMap<string, string> | null {
    const minors = [...this.#compilers.keys()].toSorted((a, b) => compareVersions('go', b, a));
    const go = this.#compilers.get(compiler === 'newest' ? (minors[0] ?? '') : compiler);
    if (go === undefined) return null;
    const held = new Map([[GO, go]]);
    for (const each of raised) this.#add(held, each.module, each.version);
    if (repository !== null) {
      const major = Number(/^\d+/.exec(version)?.[0] ?? 0);
      const module = [`${repository}/v${major}`, repository].find((each) => this.#add(held, each, version));
      const upstream = module === undefined ? undefined : this.#upstreamOf(module);
      if (upstream !== undefined && /-\d+\.\d+$/.test(line)) this.branches.keepsMinors(upstream);
    }
    return held;
  }

  /** False where no advisory speaks of the module. */
  #add(held: Map<string, string>, module: string, version: string): boolean {
    const upstream = this.#upstreamOf(module);
    if (upstream === undefined) return false;
    const known = held.get(upstream);
    if (known === undefined || compareVersions('go', version, known) > 0) held.set(upstream, version);
    return true;
  }

  #upstreamOf(module: string): string | undefined {
    const upstream = packageKey({ ecosystem: 'Go', name: module })?.purl;
    return upstream !== undefined && this.#packages.has(upstream) ? upstream : undefined;
  }

  #hold(line: string, held: ReadonlyMap<string, string>, at: Temporal.Instant): void {
    const before = this.#held.get(line);
    // A module that is raised by name once stays in the program when the name goes: upstream asks for it by then.
    const all = new Map([...(before ?? []), ...held]);
    if (before !== undefined && sameIn(before, all)) return;
    this.#held.set(line, all);
    this.#events.push({ kind: 'held', at, line, held: all });
  }

  #end(line: string, at: Temporal.Instant): void {
    this.#builds.delete(line);
    if (this.#held.delete(line)) this.#events.push({ kind: 'end', at, line });
  }
}

function sameIn(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
