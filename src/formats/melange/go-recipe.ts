import { parseFeedYaml } from '../feed-yaml.ts';

/** What a melange recipe says of a Go program that it builds (chainguard.dev/melange, "Build file"). */
export interface GoRecipe {
  readonly version: string;
  readonly epoch: string;
  /** Minor release of the compiler, `1.22`; `newest` where it takes whatever is newest. */
  readonly compiler: string;
  /** `github.com/etcd-io/etcd`; null where its source does not say. */
  readonly repository: string | null;
  /** Modules that it raises, each with the version that it raises it to. */
  readonly raised: readonly { readonly module: string; readonly version: string }[];
}

/** Version and epoch as they stand in the text: another text there is another build. Null where it is no recipe. */
export function buildInText(text: string): string | null {
  const version = /^ {2}version:\s*(.+?)\s*$/m.exec(text)?.[1];
  const epoch = /^ {2}epoch:\s*(.+?)\s*$/m.exec(text)?.[1];
  return version === undefined ? null : `${version}-r${epoch ?? '0'}`;
}

/** Whether a text may be one of a Go program: those that are not need no closer look. */
export function mayBuildGo(text: string): boolean {
  return /go\/(?:build|install|bump)|go-package|^\s*-\s+go(?:-1\.\d+)?(?:[~=<>].*)?\s*$/m.test(text);
}

/** Null where no Go compiler is asked for. Throws Failure E0202 or E0205 for what is no YAML of a bearable size. */
export function parseGoRecipe(bytes: Uint8Array, name: string): GoRecipe | null {
  const recipe = mapOf(parseFeedYaml(bytes, name));
  const about = mapOf(recipe['package']);
  const steps = stepsIn(recipe);
  const compiler = compilerOf(recipe, steps);
  const { version, epoch } = about;
  if (compiler === null || typeof version !== 'string') return null;
  return {
    version,
    epoch: typeof epoch === 'string' ? epoch : '0',
    compiler,
    repository: repositoryOf(recipe, steps),
    raised: steps.flatMap((step) => (step['uses'] === 'go/bump' ? raisedIn(mapOf(step['with'])) : [])),
  };
}

type Yaml = Readonly<Record<string, unknown>>;

function mapOf(value: unknown): Yaml {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Yaml) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Of the recipe and of its subpackages, nested ones too. */
function stepsIn(recipe: Yaml): readonly Yaml[] {
  const steps: Yaml[] = [];
  const walk = (pipeline: unknown): void => {
    for (const step of listOf(pipeline).map(mapOf)) {
      steps.push(step);
      walk(step['pipeline']);
    }
  };
  walk(recipe['pipeline']);
  for (const each of listOf(recipe['subpackages'])) walk(mapOf(each)['pipeline']);
  return steps;
}

function compilerOf(recipe: Yaml, steps: readonly Yaml[]): string | null {
  const packages = listOf(mapOf(mapOf(recipe['environment'])['contents'])['packages']);
  const asked = [...packages, ...steps.map((step) => mapOf(step['with'])['go-package'])];
  const named = asked.flatMap((each) => {
    const [, dashed, bound] =
      typeof each === 'string' ? (/^go(?:-fips)?(?:-(1\.\d+))?(?:[=~<>]+(1\.\d+).*)?$/.exec(each) ?? []) : [];
    if (dashed !== undefined || bound !== undefined) return dashed ?? bound ?? [];
    return typeof each === 'string' && /^go(?:-fips)?$/.test(each) ? 'newest' : [];
  });
  const pinned = named.find((each) => each !== 'newest');
  const builds = steps.some(({ uses }) => uses === 'go/build' || uses === 'go/install');
  return pinned ?? (named.length > 0 || builds ? 'newest' : null);
}

function repositoryOf(recipe: Yaml, steps: readonly Yaml[]): string | null {
  const identifier = mapOf(mapOf(recipe['update'])['github'])['identifier'];
  if (typeof identifier === 'string') return `github.com/${identifier}`;
  const checkout = steps.find(({ uses }) => uses === 'git-checkout');
  const repository = mapOf(checkout?.['with'])['repository'];
  const path = typeof repository === 'string' ? /^https:\/\/(.+?)(?:\.git)?\/?$/.exec(repository)?.[1] : undefined;
  return path === undefined || path.includes('${') ? null : path;
}

/** `deps: module@v1.2.3 other@v2.0.0`, and `replaces: module=fork@v1.2.3`, where the fork is what is built. */
function raisedIn({ deps, replaces }: Yaml): GoRecipe['raised'] {
  const texts = [deps, replaces].flatMap((each) => (typeof each === 'string' ? each.split(/\s+/) : []));
  return texts.flatMap((text) => {
    const [, module, version] = /^(?:[^=\s]+=)?([^@=\s]+)@v([0-9][^@\s]*)$/.exec(text) ?? [];
    return module === undefined || version === undefined
      ? []
      : [{ module, version: version.replace('+incompatible', '') }];
  });
}
