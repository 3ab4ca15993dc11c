import type { Architecture } from '../fact.ts';
import { componentsOf } from './components-at.ts';
import type { Dated } from './dated.ts';
import type { History, KnownComponent, KnownInventory, LineHistory, UpstreamHistory } from './history.ts';
import { FOREVER, type Millis } from './instant.ts';
import { isMendedByOwner } from './mended-by-owner.ts';
import { type Coverage, coverageOf, type Reading } from './readings.ts';
import { isPatched, verifiedFix } from './verification.ts';

/** While these bytes held the flaw: opened by the pull that showed it, closed by the first pull that did not. */
export interface Exposure {
  readonly from: Millis;
  /** The latest point of the closing pull's interval (promise rule 5); `FOREVER` while open. */
  readonly to: Millis;
  readonly openedBy: Dated<unknown>;
  readonly closedBy: Dated<unknown> | null;
}

/** The exposures of one line and architecture to one stream of a flawed upstream. */
export interface Exposed {
  readonly upstream: UpstreamHistory;
  readonly stream: string;
  readonly exposures: readonly Exposure[];
  /** Every flawed component that was ever inside. */
  readonly components: ReadonlySet<KnownComponent>;
}

interface Question {
  readonly line: LineHistory;
  readonly architecture: Architecture;
  readonly reading: Reading;
  readonly names: readonly string[];
}

/** Promise rule 2: what confirmed bytes held, as one reading of one record tells it; nothing unobserved is invented. */
export function exposuresOf(history: History, asked: Question): readonly Exposed[] {
  const question: Asked = { ...asked, history };
  const confirmations = question.line.confirmations.get(question.architecture) ?? [];
  const exposed: Growing[] = [];
  for (const name of question.reading.affected.keys()) {
    const upstream = history.upstreams.get(name);
    if (upstream === undefined) continue;
    let before: KnownInventory | undefined;
    for (const confirmation of confirmations) {
      // The same bytes pulled again open and close nothing, and most confirmations are that.
      if (confirmation.says !== before) expose(exposed, confirmation, { upstream, question });
      before = confirmation.says;
    }
  }
  return exposed;
}

/** Whether a component holds the flaw: our patch, what was verified in the code, the record's ranges, then its owner's. */
function coverageIn(inventory: KnownInventory, known: KnownComponent, question: Asked): Coverage {
  const { history, reading, names, architecture } = question;
  if (isPatched(known, names)) return 'not-affected';
  const verified = verifiedFix(known.upstream, known.component.version, names);
  if (verified !== undefined) return verified.result === 'lacks' ? 'affected' : 'not-affected';
  const coverage = coverageOf(reading, known, architecture);
  const isOpen = coverage !== 'not-affected' && known.component.ownedBy !== undefined;
  return isOpen && isMendedByOwner(history, { inventory, known, names }) ? 'not-affected' : coverage;
}

interface Asked extends Question {
  readonly history: History;
}

interface Growing extends Exposed {
  readonly exposures: Exposure[];
  readonly components: Set<KnownComponent>;
}

/**
 * Takes the next confirmation in: each stream of the upstream is open in it or closed by it. What nobody can determine
 * opens nothing and closes nothing: there is no evidence that the flaw came, and none that it went.
 */
function expose(
  exposed: Growing[],
  confirmation: Dated<KnownInventory>,
  { upstream, question }: { readonly upstream: UpstreamHistory; readonly question: Asked },
): void {
  const inventory = confirmation.says;
  const inside = componentsOf(question.history, inventory, upstream).map((known) => ({
    known,
    stream: known.component.stream,
    coverage: coverageIn(inventory, known, question),
  }));
  for (const { known, coverage } of inside) {
    if (coverage === 'affected') streamOf(exposed, known).components.add(known);
  }
  for (const growing of exposed) {
    if (growing.upstream !== upstream) continue;
    const ofStream = inside.filter(({ stream }) => stream === growing.stream);
    if (ofStream.some(({ coverage }) => coverage === 'affected')) open(growing.exposures, confirmation);
    // A version without a place may be of any stream: it may have taken the place of what is gone.
    else if (!(ofStream.length > 0 ? ofStream : inside).some(({ coverage }) => coverage === 'indeterminate'))
      close(growing.exposures, confirmation);
  }
}

function streamOf(exposed: Growing[], { upstream, component: { stream } }: KnownComponent): Growing {
  const known = exposed.find((growing) => growing.upstream === upstream && growing.stream === stream);
  if (known !== undefined) return known;
  const made: Growing = { upstream, stream, exposures: [], components: new Set() };
  exposed.push(made);
  return made;
}

function open(exposures: Exposure[], confirmation: Dated<unknown>): void {
  const last = exposures.at(-1);
  if (last !== undefined && last.closedBy === null) return;
  // The closing pull's second may reach past the next pull's first: time never counts twice.
  const from = Math.max(confirmation.from, last?.to ?? confirmation.from);
  exposures.push({ from, to: FOREVER, openedBy: confirmation, closedBy: null });
}

function close(exposures: Exposure[], confirmation: Dated<unknown>): void {
  const last = exposures.at(-1);
  if (last === undefined || last.closedBy !== null) return;
  exposures[exposures.length - 1] = { ...last, to: Math.max(confirmation.to, last.from), closedBy: confirmation };
}
