/** One name in a dependency with its bound (Debian Policy 7.1): `libc6 (>= 2.36)`, `python3:any`. */
export interface PackageRelation {
  readonly name: string;
  /** What stands behind a colon: `any`, `native` or an architecture; null for most. */
  readonly qualifier: string | null;
  /** Null where any version will do; `version` is empty then. */
  readonly operator: '<<' | '<=' | '=' | '>=' | '>>' | null;
  readonly version: string;
}

/** Alternatives, the preferred one first: `default-mta | mail-transport-agent`. One of them is enough. */
export type Dependency = readonly PackageRelation[];
