import type { LinkedCode } from '../../core/match/inventory.ts';
import type { GoBuildInfo } from './build-info.ts';

/**
 * What of each module was linked into a program, by the names of its functions, in the words of the Go vulnerability
 * database: import paths, and `path.Function` or `path.Type.Method` without pointers, type arguments and closures.
 * The standard library, with what it vendors, is the module `stdlib`.
 */
export function linkedCode(
  names: readonly string[],
  info: Pick<GoBuildInfo, 'path' | 'main' | 'dependencies'>,
): (module: string) => LinkedCode {
  const modules = [...(info.main === null ? [] : [info.main]), ...info.dependencies].map(({ path }) => path);
  const known = new Map<string, { readonly packages: Set<string>; readonly symbols: Set<string> }>();
  const moduleOf = moduleFinder(modules);
  for (const name of names) {
    const found = symbolOf(name, info.path);
    if (found === undefined) continue;
    const module = moduleOf(found.path);
    const linked = known.get(module) ?? { packages: new Set(), symbols: new Set() };
    known.set(module, linked);
    linked.packages.add(found.path);
    linked.symbols.add(`${found.path}.${found.symbol}`);
  }
  return (module) => {
    const linked = known.get(module);
    return { packages: [...(linked?.packages ?? [])], symbols: [...(linked?.symbols ?? [])] };
  };
}

interface Linked {
  readonly path: string;
  readonly symbol: string;
}

/** `crypto/tls.(*Conn).Handshake.func1` is `Conn.Handshake` of `crypto/tls`; undefined for what compilers add. */
function symbolOf(name: string, mainPath: string): Linked | undefined {
  if (/^(?:go|type):|^type\.\.|^_|^\$/.test(name)) return undefined;
  const plain = withoutTypeArguments(name);
  const dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
  if (dot <= 0) return undefined;
  const path = unescaped(plain.slice(0, dot));
  const symbol = plain
    .slice(dot + 1)
    .replace(/^\(\*?([^)]*)\)/, '$1')
    .replace(/(?:\.(?:func|gowrap|deferwrap)\d+|\.\d+|-fm|-range\d+|·.*)+(?:\..*)?$/, '');
  return symbol === '' ? undefined : { path: path === 'main' ? mainPath : path, symbol };
}

/** `slices.Sort[...]`, `sync/atomic.(*Pointer[go.shape.struct { a/b.x }]).Load`: dots and slashes in brackets are of others. */
function withoutTypeArguments(name: string): string {
  if (!name.includes('[')) return name;
  let plain = '';
  let depth = 0;
  for (const sign of name) {
    if (sign === '[') depth += 1;
    else if (sign === ']') depth -= 1;
    else if (depth === 0) plain += sign;
  }
  return plain;
}

/** The linker writes dots of the last element as `%2e` (Go's `cmd/internal/objabi`, "PathToPrefix"). */
function unescaped(path: string): string {
  return path.includes('%')
    ? path.replaceAll(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : path;
}

function moduleFinder(modules: readonly string[]): (path: string) => string {
  const longestFirst = modules.toSorted((a, b) => b.length - a.length);
  const known = new Map<string, string>();
  return (path) => {
    const found =
      known.get(path) ?? longestFirst.find((module) => path === module || path.startsWith(`${module}/`)) ?? 'stdlib';
    known.set(path, found);
    return found;
  };
}
