import type { Catalog, Line, Recipe } from '../../core/catalog/catalog.ts';
import type { VersionScheme } from '../../core/match/advisory.ts';
import type { Policy } from '../../core/promise/policy.ts';
import { compareVersions } from '../../core/version/compare.ts';
import type { RecordedComponent } from '../../formats/replay/recorded-event.ts';

/** The recipes and lines that a history asks for: a recipe for each stream of each upstream, which every line shares. */
export class ReplayedCatalog {
  readonly #recipes = new Map<string, Recipe>();
  readonly #lines = new Map<string, Line>();
  readonly #schemes = new Map<string, VersionScheme>();
  readonly #policy: Policy;
  #made: Catalog | undefined;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** The same object until something changes. */
  get catalog(): Catalog {
    this.#made ??= {
      name: 'replay',
      recipes: [...this.#recipes.values()],
      lines: [...this.#lines.values()],
      policy: this.#policy,
      exceptions: [],
      feeds: [],
      registry: { kind: 'embedded', port: 0 },
      build: { root: '', timeoutSeconds: 0, memoryBytes: 0 },
      ledger: { signEverySeconds: 0, signFacts: 1 },
      changes: 'here',
    };
    return this.#made;
  }

  recipe(name: string): Recipe | undefined {
    return this.#recipes.get(name);
  }

  /** Of any of its streams; `generic` where nothing here is of it. */
  schemeOf(upstream: string): VersionScheme {
    return this.#schemes.get(upstream) ?? 'generic';
  }

  /** A line that is taken on holds the newest that any line is known to hold; true where its upstream is new here. */
  follow(component: RecordedComponent): boolean {
    const name = nameOf(component);
    const known = this.#recipes.get(name);
    this.#schemes.set(component.upstream, component.scheme);
    if (known === undefined) this.put(recipeOf(component));
    else if (compareVersions(component.scheme, component.version, known.version) > 0)
      this.put(raised(known, component.version));
    return known === undefined;
  }

  put(recipe: Recipe): void {
    this.#recipes.set(recipe.recipe, recipe);
    this.#made = undefined;
  }

  has(line: string): boolean {
    return this.#lines.has(line);
  }

  /** With these packages besides those that it has; of one upstream a line has one stream, the one said last. */
  keep(line: string, components: readonly RecordedComponent[]): void {
    const before = this.#lines.get(line) ?? lineOf(line);
    const said = new Set(components.map(({ upstream }) => upstream));
    const others = before.packages.filter(({ name }) => !said.has(this.#recipes.get(name)?.upstream.purl ?? ''));
    const packages = [...others.map(({ name }) => name), ...components.map(nameOf)].toSorted();
    this.#lines.set(line, { ...before, packages: packages.map((name) => ({ name, bound: null, note: null, at: '' })) });
    this.#made = undefined;
  }

  giveUp(line: string): void {
    if (this.#lines.delete(line)) this.#made = undefined;
  }
}

/** Of its recipe and of the package that it makes. */
function nameOf({ upstream, stream }: Pick<RecordedComponent, 'upstream' | 'stream'>): string {
  return `${upstream} ${stream}`;
}

export function raised(recipe: Recipe, version: string): Recipe {
  return { ...recipe, version, source: sourceOf(recipe.upstream.purl, version) };
}

function recipeOf({ upstream, version, stream, scheme }: RecordedComponent): Recipe {
  const name = nameOf({ upstream, stream });
  return {
    name,
    recipe: name,
    file: '',
    version,
    epoch: 0,
    format: 'apk',
    root: null,
    description: '',
    license: '',
    architectures: ['amd64'],
    upstream: { purl: upstream, stream, scheme },
    source: sourceOf(upstream, version),
    patches: [],
    steps: [],
    tests: [],
    environment: {},
    dependencies: [],
    provides: [],
    replaces: [],
    update: { enabled: true, stripPrefix: '', versionPrefix: '', ignore: [] },
  };
}

function sourceOf(repository: string, tag: string): Recipe['source'] {
  return { kind: 'git', repository, tag, expectedCommit: null };
}

function lineOf(line: string): Line {
  return {
    line,
    file: '',
    repository: line,
    tag: 'latest',
    architectures: ['amd64'],
    supportUntil: null,
    format: 'apk',
    suites: [],
    packages: [],
    entrypoint: [],
    cmd: [],
    environment: {},
    workDir: '/',
    user: null,
    annotations: {},
    test: null,
  };
}
