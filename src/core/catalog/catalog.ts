import type { Digest } from '../digest.ts';
import type { Architecture, InstantText } from '../fact.ts';
import type { VersionScheme } from '../match/advisory.ts';
import type { Policy } from '../promise/policy.ts';

/** What the user declares: recipes, image lines, policy, feeds and where things go. */
export interface Catalog {
  readonly name: string;
  readonly recipes: readonly Recipe[];
  readonly lines: readonly Line[];
  readonly policy: Policy;
  /** What was agreed about single deadlines; stated in the ledger once it is in force. */
  readonly exceptions: readonly DeclaredException[];
  readonly feeds: readonly FeedSource[];
  readonly registry: RegistryTarget;
  readonly build: BuildSettings;
  readonly ledger: LedgerSettings;
  /** Where merged changes go: into the repository of the catalog's folder, or into one of Suture's own. */
  readonly changes: 'here' | 'apart';
}

/** A waiver (an agreed exclusion) or a hold (a remark), as `exceptions.yaml` says it: who changed that file approved it. */
export interface DeclaredException {
  readonly kind: 'waiver' | 'hold';
  /** Any id of the vulnerability. */
  readonly vulnerability: string;
  readonly line: string;
  readonly approver: string;
  readonly reason: string;
  readonly granted: InstantText;
  readonly until: InstantText;
  /** `exceptions.yaml:3:5`. */
  readonly at: string;
}

export interface FeedSource {
  readonly kind: FeedKind;
  /** Folder, zip file or https address; paths are absolute after loading. */
  readonly from: string;
}

/** Form and publisher of a feed, in the order of reading: what names packages first, what only adds to flaws last. */
export const feedKinds = [
  'osv',
  'ghsa',
  'govulndb',
  'rustsec',
  'rubysec',
  'pypa',
  'secdb',
  'debian',
  'dsa',
  'nvd',
  'openvex',
  'kev',
  'epss',
] as const;
export type FeedKind = (typeof feedKinds)[number];

/** `embedded` is our own registry on loopback; otherwise host[:port] of any OCI registry. */
export type RegistryTarget =
  | { readonly kind: 'embedded'; readonly port: number }
  | { readonly kind: 'remote'; readonly host: string; readonly plainHttp: boolean; readonly repositoryPrefix: string };

export interface BuildSettings {
  /** Absolute path of a root folder or OCI layout that builds run in. */
  readonly root: string;
  readonly timeoutSeconds: number;
  readonly memoryBytes: number;
}

/** How much may stand in the ledger unsigned: whichever of the two is reached first. */
export interface LedgerSettings {
  readonly signEverySeconds: number;
  readonly signFacts: number;
}

/** What packages are written as. A line has one: that of the distribution it is based on. */
export type PackageFormat = 'apk' | 'deb';

/** How one version stream of one package is built. The file may say more; this is what the factory uses. */
export interface Recipe {
  /** Package name; recipe name = file name without `.yaml`. */
  readonly name: string;
  readonly recipe: string;
  /** Relative to the catalog's folder: `recipes/hello.yaml`. */
  readonly file: string;
  readonly version: string;
  /** Rebuild counter: the full version is `version-r<epoch>`, as a deb `version-1suture<epoch + 1>`. */
  readonly epoch: number;
  /** `deb` where it is built on Debian, for lines that are based on it. */
  readonly format: PackageFormat;
  /** Debian packages that its build root is made of; null = the root that the catalog names. */
  readonly root: RecipeRoot | null;
  readonly description: string;
  readonly license: string;
  readonly architectures: readonly Architecture[];
  readonly upstream: Upstream;
  readonly source: RecipeSource;
  /** Paths relative to the catalog, applied in order. */
  readonly patches: readonly RecipePatch[];
  readonly steps: readonly RecipeStep[];
  readonly tests: readonly RecipeStep[];
  readonly environment: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
  /** Other names that it answers to, `name` or `name=version`, and packages whose files it takes over. */
  readonly provides: readonly string[];
  readonly replaces: readonly string[];
  readonly update: UpdateFilter;
}

/** Suites of Debian (`bookworm`, `bookworm-security`) and the packages wanted from them. */
export interface RecipeRoot {
  readonly suites: readonly string[];
  readonly packages: readonly string[];
}

export interface Upstream {
  /** Purl without version: `pkg:generic/hello`. */
  readonly purl: string;
  readonly stream: string;
  readonly scheme: VersionScheme;
}

/** Git: any repository URL, file:// included. Debian: upstream's own archive, as its source packages carry it. */
export type RecipeSource =
  | { readonly kind: 'git'; readonly repository: string; readonly tag: string; readonly expectedCommit: string | null }
  | DebianSource
  | { readonly kind: 'none' };

export interface DebianSource {
  readonly kind: 'debian';
  /** Name of the source package. */
  readonly source: string;
  /** Upstream version that is fetched. */
  readonly version: string;
  /** Suites in which it is looked for, and whose versions are the releases that a recipe follows. */
  readonly suites: readonly string[];
  /** SHA-256, hex, of the archive. */
  readonly expectedSha256: string | null;
}

export interface RecipePatch {
  readonly file: string;
  /** Vulnerabilities that it removes. */
  readonly fixes: readonly string[];
  /** Of the patch's bytes, where the loader has read them: a changed patch is another build. */
  readonly digest?: Digest;
}

export interface RecipeStep {
  readonly name: string;
  /** Text for `/bin/sh`, substitutions done. */
  readonly runs: string;
}

export interface UpdateFilter {
  readonly enabled: boolean;
  /** Tags start with this; the rest is the version. */
  readonly stripPrefix: string;
  /** Only versions that start with this belong to the stream ("1.0."). */
  readonly versionPrefix: string;
  /** Regular expressions of versions never taken. */
  readonly ignore: readonly string[];
}

/** A product kept patched: one floating public tag. */
export interface Line {
  /** `hello:1`: repository and tag. */
  readonly line: string;
  readonly file: string;
  readonly repository: string;
  readonly tag: string;
  readonly architectures: readonly Architecture[];
  readonly supportUntil: InstantText | null;
  readonly format: PackageFormat;
  /** Suites of Debian that it is based on; none for lines of this catalog's packages alone. */
  readonly suites: readonly string[];
  /** Packages wanted, each with an optional bound of its own. */
  readonly packages: readonly LinePackage[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workDir: string;
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number } | null;
  readonly annotations: Readonly<Record<string, string>>;
  /** What verify-image runs, and what it must print; null = only start it. */
  readonly test: { readonly args: readonly string[]; readonly expect: string } | null;
}

export interface LinePackage {
  readonly name: string;
  /** A bound such as `<1.0.1`, or null. */
  readonly bound: { readonly operator: '=' | '<' | '<=' | '>' | '>=' | '~'; readonly version: string } | null;
  /** Who added the bound and why, from the comment on its line; shown where the line is held back. */
  readonly note: string | null;
  /** `lines/hello.yaml:9:5`. */
  readonly at: string;
}
