/** One page of a listing: names after `last`, at most `n`, with the link to the next (distribution-spec "Listing Tags"). */
export interface Page {
  readonly names: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

const PAGE_MAX = 1000;

/** `names` are in order. Undefined when `n` is not a whole number from 0. */
export function pageOf(names: readonly string[], path: string, query: URLSearchParams): Page | undefined {
  const asked = query.get('n');
  if (asked !== null && !/^\d{1,9}$/.test(asked)) return undefined;
  const size = Math.min(asked === null ? PAGE_MAX : Number(asked), PAGE_MAX);
  const last = query.get('last');
  const rest = last === null ? names : names.filter((name) => name > last);
  const page = rest.slice(0, size);
  const end = page.at(-1);
  if (end === undefined || rest.length <= page.length) return { names: page, headers: {} };
  const next = new URLSearchParams(query);
  next.set('n', String(size));
  next.set('last', end);
  return { names: page, headers: { link: `<${path}?${next.toString()}>; rel="next"` } };
}
