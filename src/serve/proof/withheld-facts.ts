import type { FactLine } from './evidence.ts';

/** A fact whose payload nobody can read in this file, and why. */
export interface WithheldFact {
  readonly seq: number;
  readonly type: string;
  /** Of what is sealed; null = erased. */
  readonly until: string | null;
}

/** What the chain says is sealed or erased, and is not inside. */
export function withheldFacts(lines: readonly FactLine[]): readonly WithheldFact[] {
  const sealed = new Map<string, string>();
  const erased = new Set<string>();
  for (const { type, payload } of lines) {
    const { fact, until } = (payload ?? {}) as { readonly fact?: string; readonly until?: string };
    if (fact === undefined) continue;
    if (type === 'payload-sealed') sealed.set(fact, until ?? '');
    if (type === 'payload-erased') erased.add(fact);
  }
  return lines.flatMap(({ seq, type, id, payload }) => {
    if (payload !== undefined || !(sealed.has(id) || erased.has(id))) return [];
    return [{ seq, type, until: erased.has(id) ? null : (sealed.get(id) ?? '') }];
  });
}

/** Each kind in a sentence: which facts, of what type, until when. */
export function withheldWords(withheld: readonly WithheldFact[]): { readonly sealed: string; readonly erased: string } {
  const [sealed, erased] = [
    withheld.filter(({ until }) => until !== null),
    withheld.filter(({ until }) => until === null),
  ];
  return {
    sealed:
      sealed.length === 0
        ? ''
        : `${counted(sealed)} sealed, and figures may be others once it opens: ${listed(sealed)}.`,
    erased:
      erased.length === 0
        ? ''
        : `${counted(erased)} erased and counts as not said, which makes no figure better: ${listed(erased)}.`,
  };
}

const NAMED_MAX = 20;

function counted({ length }: readonly WithheldFact[]): string {
  return length === 1 ? 'What one fact says is' : `What ${length} facts say is`;
}

function listed(withheld: readonly WithheldFact[]): string {
  const named = withheld
    .slice(0, NAMED_MAX)
    .map(({ seq, type, until }) => `fact ${seq} (${type})${until === null ? '' : ` until ${until}`}`);
  const more = withheld.length > NAMED_MAX ? [`${withheld.length - NAMED_MAX} more`] : [];
  return [...named, ...more].join(', ');
}
