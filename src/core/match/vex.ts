import type { AdvisoryRecord, VexStatement } from './advisory.ts';
import type { ComponentVerdict } from './component-verdict.ts';
import { statementIndex, type StatementIndex } from './statement-index.ts';
import type { ComponentPlace } from './vex-product.ts';

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
  const statements = statementIndex(documents);
  return findings.map((finding) => {
    const by = wordOn(finding, statements, rule);
    return { finding, by, ...stateOf(finding, by) };
  });
}

export interface StatedFinding<Place extends ComponentPlace> {
  readonly place: Place;
  readonly ids: readonly string[];
  /** `affected`, or under investigation, which nobody has determined yet. */
  readonly verdict: 'affected' | 'indeterminate';
}

/**
 * Vulnerabilities that a statement calls `affected`, or under investigation, in a place where no finding has them: they are findings
 * as well. What is said of the image as a whole is one of the image itself, unless some component in it has it already.
 */
export function findingsStated<Place extends ComponentPlace>(
  places: readonly Place[],
  known: readonly VexFinding[],
  { documents, namesOf = (ids) => ids, ...rule }: StatedRule,
): readonly StatedFinding<Place>[] {
  const statements = statementIndex(documents);
  const taken = new Set(known.flatMap(({ component, ids }) => ids.flatMap((id) => takenKeys(component, id))));
  const found = new Map<Place, { readonly findings: StatedFinding<Place>[]; readonly ids: Set<string> }>();
  const reached = [...statements.reaching(places, ({ status }) => OPENING.has(status))];
  // The image as a whole comes last, when it is known what is said of its components.
  const [whole = [], inside = []] = [true, false].map((isWhole) =>
    reached.filter(({ place }) => (place.component === null) === isWhole),
  );
  for (const { stated, place } of [...inside, ...whole]) {
    const here = found.get(place) ?? { findings: [], ids: new Set() };
    const ids = namesOf(stated.ids);
    if (ids.some((id) => here.ids.has(id) || taken.has(takenKey(place.component, id)))) continue;
    const verdict = openingOf(wordOn({ ...place, ids }, statements, rule));
    if (verdict === null) continue;
    found.set(place, here);
    here.findings.push({ place, ids, verdict });
    for (const id of ids) here.ids.add(id);
    if (place.component !== null) for (const id of ids) taken.add(takenKey(null, id));
  }
  return places.flatMap((place) => found.get(place)?.findings ?? []);
}

interface StatedRule extends VexRule {
  readonly documents: readonly VexSource[];
  /** All names of a vulnerability, where more are known than the documents give. */
  readonly namesOf?: (ids: readonly string[]) => readonly string[];
}

const OPENING: ReadonlySet<VexStatement['status']> = new Set(['affected', 'under_investigation']);

function openingOf(by: VexWord | null): StatedFinding<ComponentPlace>['verdict'] | null {
  if (by === null || !OPENING.has(by.status)) return null;
  return by.status === 'affected' ? 'affected' : 'indeterminate';
}

function takenKeys(component: string | null, id: string): readonly string[] {
  return [takenKey(component, id), takenKey(null, id)];
}

function takenKey(component: string | null, id: string): string {
  return `${component ?? ''}\0${id}`;
}

function wordOn(
  finding: Pick<VexFinding, 'ids' | keyof ComponentPlace>,
  statements: StatementIndex,
  { tiers }: VexRule,
): VexWord | null {
  let best: VexWord | null = null;
  for (const { word, document, match } of statements.about(finding, finding.ids)) {
    const tier = tiers(document, finding.component);
    if (match === 'component' && tier === 'third-party') continue;
    const { status, justification, note, author, statedAt } = word;
    const said: VexWord = { status, justification, note, author, statedAt, document: document.id, tier };
    if (best === null || bestFirst(said, best) < 0) best = said;
  }
  return best;
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
