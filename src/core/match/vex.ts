import { aliasClasses } from './alias-classes.ts';
import type { AdvisoryRecord, VexStatement } from './advisory.ts';
import type { ComponentVerdict } from './component-verdict.ts';
import { type ComponentPlace, productMatch } from './vex-product.ts';

/** Whose word counts first: our own signed one, then the supplier's of the component, then anybody's. */
export type VexTier = 'own' | 'supplier' | 'third-party';

/** One document, as `parseOpenvex()` reads it. */
export interface VexSource {
  readonly id: string;
  readonly records: readonly AdvisoryRecord[];
}

export interface VexFinding extends ComponentPlace {
  /** Every name of the vulnerability. */
  readonly ids: readonly string[];
  /** What versions and ranges say. */
  readonly verdict: ComponentVerdict['verdict'];
}

/** The statement that decided. */
export interface VexWord extends Pick<VexStatement, 'status' | 'justification' | 'note' | 'author' | 'statedAt'> {
  readonly document: string;
  readonly tier: VexTier;
}

/**
 * What statements make of a finding. `suppressed` and `fixed` are kept and shown; `open` with a `contradiction`: it is said
 * to be fixed, and no version shows it.
 */
export interface VexOutcome<Finding> {
  readonly finding: Finding;
  readonly state: 'open' | 'suppressed' | 'fixed';
  /** Null: nobody says anything about it. */
  readonly by: VexWord | null;
  readonly contradiction: string | null;
}

export interface VexRule {
  /** Of a document about a component: who supplies it is for whoever reads the documents to know. */
  readonly tiers: (document: VexSource, component: string | null) => VexTier;
}

/**
 * Statements combined with findings (OpenVEX 0.2.0): of all that apply, the latest of the highest tier wins. That of
 * somebody else about a component everywhere counts only from who supplies it, or from us.
 */
export function applyVex<Finding extends VexFinding>(
  findings: readonly Finding[],
  documents: readonly VexSource[],
  rule: VexRule,
): readonly VexOutcome<Finding>[] {
  const statements = statementsIn(documents);
  return findings.map((finding) => {
    const by = wordOn(finding, statements, rule);
    return { finding, by, ...stateOf(finding, by) };
  });
}

/** Vulnerabilities that a statement calls `affected` in a place where no finding has them: they are findings as well. */
export function findingsStated(
  places: readonly ComponentPlace[],
  known: readonly VexFinding[],
  { documents, ...rule }: VexRule & { readonly documents: readonly VexSource[] },
): readonly VexFinding[] {
  const statements = statementsIn(documents);
  return places.flatMap((place) => {
    const here = known.filter(({ component }) => component === place.component);
    const affected = [...statements.values()].flat().filter(({ word }) => word.status === 'affected');
    const named = new Map(affected.map(({ ids }) => [ids[0] ?? '', ids]));
    return [...named.values()].flatMap((ids): readonly VexFinding[] => {
      const finding: VexFinding = { ...place, ids, verdict: 'affected' };
      const isKnown = here.some((each) => each.ids.some((id) => ids.includes(id)));
      return !isKnown && wordOn(finding, statements, rule)?.status === 'affected' ? [finding] : [];
    });
  });
}

/** By every name of the vulnerability. */
type Statements = ReadonlyMap<string, readonly Stated[]>;

interface Stated {
  readonly ids: readonly string[];
  readonly word: VexStatement;
  readonly document: VexSource;
}

/** Each with all names that the documents give its vulnerability, the smallest first. */
function statementsIn(documents: readonly VexSource[]): Statements {
  const classOf = aliasClasses(
    documents.flatMap(({ records }) => records),
    [],
  );
  const byId = new Map<string, Stated[]>();
  for (const document of documents) {
    for (const { id, withdrawn, statements = [] } of document.records) {
      if (withdrawn !== null) continue;
      const { ids } = classOf(id);
      const stated = statements.map((word) => ({ ids, word, document }));
      for (const name of ids) byId.set(name, [...(byId.get(name) ?? []), ...stated]);
    }
  }
  return byId;
}

function wordOn(finding: VexFinding, statements: Statements, { tiers }: VexRule): VexWord | null {
  const about = new Set(finding.ids.flatMap((id) => statements.get(id) ?? []));
  const words = [...about].flatMap(({ word, document }): readonly VexWord[] => {
    const tier = tiers(document, finding.component);
    const matches = word.products.map((product) => productMatch(product, finding));
    const applies = matches.includes('image') || (matches.includes('component') && tier !== 'third-party');
    if (!applies) return [];
    const { status, justification, note, author, statedAt } = word;
    return [{ status, justification, note, author, statedAt, document: document.id, tier }];
  });
  return words.toSorted(bestFirst)[0] ?? null;
}

/** At one instant the word that keeps more open wins. */
function bestFirst(a: VexWord, b: VexWord): number {
  return (
    TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) ||
    Temporal.Instant.compare(b.statedAt, a.statedAt) ||
    STRICT.indexOf(a.status) - STRICT.indexOf(b.status) ||
    (a.document < b.document ? -1 : a.document > b.document ? 1 : 0)
  );
}

const TIERS: readonly VexTier[] = ['own', 'supplier', 'third-party'];
const STRICT: readonly VexStatement['status'][] = ['affected', 'under_investigation', 'fixed', 'not_affected'];

function stateOf({ verdict }: VexFinding, by: VexWord | null): Pick<VexOutcome<unknown>, 'state' | 'contradiction'> {
  switch (by?.status) {
    case undefined:
    case 'affected':
    case 'under_investigation':
      return { state: 'open', contradiction: null };
    case 'not_affected':
      return { state: 'suppressed', contradiction: null };
    case 'fixed': {
      if (verdict === 'not-affected') return { state: 'fixed', contradiction: null };
      const shown = verdict === 'affected' ? 'its version is in the affected range' : 'its version shows nothing';
      return { state: 'open', contradiction: `${by.author} says that it is fixed, and ${shown}` };
    }
  }
}
