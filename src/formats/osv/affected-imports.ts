import type { AffectedImport } from '../../core/match/advisory.ts';
import type { OsvAffected } from './osv-schema.ts';

/** The code that an entry narrows itself to: Go packages and their symbols, Rust functions; empty when it does not. */
export function importsOf({ package: named, ecosystem_specific: specific }: OsvAffected): readonly AffectedImport[] {
  if (specific?.imports !== undefined) {
    return specific.imports.map(({ path, symbols, goos, goarch }) => ({
      path,
      symbols: symbols ?? [],
      os: goos ?? [],
      architectures: goarch ?? [],
    }));
  }
  const { functions, os, arch } = specific?.affects ?? {};
  return rustImports(named?.name ?? '', { functions: functions ?? [], os: os ?? [], architectures: arch ?? [] });
}

/** Rust functions by the module or type that they are in; without functions the whole crate, on some systems only. */
export function rustImports(
  crate: string,
  narrowed: Pick<AffectedImport, 'os' | 'architectures'> & { readonly functions: readonly string[] },
): readonly AffectedImport[] {
  const { functions, os, architectures } = narrowed;
  if (functions.length === 0) {
    return os.length + architectures.length === 0 ? [] : [{ path: crate, symbols: [], os, architectures }];
  }
  const byModule = Map.groupBy(functions, (path) => path.slice(0, Math.max(path.lastIndexOf('::'), 0)) || crate);
  return [...byModule].map(([path, paths]) => ({
    path,
    symbols: paths.map((each) => each.slice(each.lastIndexOf('::') + 1).replace(/^:/, '')),
    os,
    architectures,
  }));
}
