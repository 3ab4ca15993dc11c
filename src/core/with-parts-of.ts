/**
 * What a value says now, built of the parts of the value before wherever both say the same, so that the two take little
 * more memory than one; the value before itself where nothing differs. Plain JSON, without the members that are `passing`.
 */
export function withPartsOf<T extends object>(
  before: T,
  now: T,
  { passing = NONE }: { readonly passing?: ReadonlySet<string> } = {},
): T {
  const then = new Map<string, unknown>(Object.entries(before));
  const members: [string, unknown][] = [];
  let isSame = Object.keys(before).every((name) => passing.has(name) || name in now);
  for (const [name, said] of Object.entries(now)) {
    if (passing.has(name)) continue;
    const known = then.get(name);
    const isKnown = saysTheSame(known, said);
    isSame &&= isKnown;
    members.push([name, isKnown ? known : said]);
  }
  return isSame ? before : (Object.fromEntries(members) as T);
}

const NONE: ReadonlySet<string> = new Set();

function saysTheSame(a: unknown, b: unknown): boolean {
  return a === b || (isNested(a) && isNested(b) && JSON.stringify(a) === JSON.stringify(b));
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
