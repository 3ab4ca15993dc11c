/** The parts of a purl that identity is judged by, decoded (purl specification); its subpath is passed over. */
export interface PurlParts {
  readonly type: string;
  /** Namespace and name. */
  readonly name: string;
  readonly version: string | null;
  readonly qualifiers: ReadonlyMap<string, string>;
}

/** Undefined where the text is no purl. Names are compared as they are written, but for letters that a type ignores. */
export function purlParts(text: string): PurlParts | undefined {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const parts = parsed(text);
  if (parts === undefined || text.length > REMEMBERED_LENGTH_MAX) return parts;
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(text, parts);
  return parts;
}

/** Documents repeat a few thousand purls, and each finding is held against all of them. */
const remembered = new Map<string, PurlParts>();
const REMEMBERED_MAX = 20_000;
const REMEMBERED_LENGTH_MAX = 400;

function parsed(text: string): PurlParts | undefined {
  const [, type, path, version, query] =
    /^pkg:\/*([A-Za-z][\w.+-]*)\/([^@?#]+)(?:@([^?#]+))?(?:\?([^#]*))?(?:#.*)?$/.exec(
      // A scope in npm may be written with its @.
      text.replace(/^(pkg:\/*npm\/)@/, '$1%40'),
    ) ?? [];
  if (type === undefined || path === undefined) return undefined;
  const kind = type.toLowerCase();
  const name = decoded(path.replace(/^\/+|\/+$/g, ''));
  const plain = LETTERS_IGNORED.has(kind) ? name.toLowerCase() : name;
  return {
    type: kind,
    name: kind === 'pypi' ? plain.replace(/[-_.]+/g, '-') : plain,
    version: version === undefined ? null : decoded(version),
    qualifiers: qualifiersOf(query ?? ''),
  };
}

/**
 * Whether what is stated of one purl is stated of another: the same package, the same version or none, and no qualifier
 * that the other lacks (OpenVEX 0.2.0, "Product"; purl specification, "qualifiers").
 */
export function purlCovers(stated: string, ours: string): boolean {
  const [a, b] = [purlParts(stated), purlParts(ours)];
  if (a === undefined || b === undefined || a.type !== b.type || a.name !== b.name) return false;
  if (a.version !== null && !isSameVersion(a.type, a.version, b.version)) return false;
  return [...a.qualifiers].every(([key, value]) => b.qualifiers.get(key) === value);
}

function isSameVersion(type: string, a: string, b: string | null): boolean {
  return b !== null && plainVersion(type, a) === plainVersion(type, b);
}

/** Go's versions are written with their `v` and without. */
export function plainVersion(type: string, version: string): string {
  return type === 'golang' ? version.replace(/^v(?=[0-9])/, '') : version;
}

const LETTERS_IGNORED = new Set(['pypi', 'github', 'bitbucket', 'nuget', 'composer', 'oci', 'docker']);

function qualifiersOf(query: string): ReadonlyMap<string, string> {
  const pairs = query.split('&').flatMap((pair): readonly (readonly [string, string])[] => {
    const [key = '', value = ''] = pair.split(/=(.*)/s);
    return value === '' ? [] : [[key.toLowerCase(), decoded(value)]];
  });
  return new Map(pairs);
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
