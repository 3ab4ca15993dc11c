import type { Line, Recipe } from '../catalog/catalog.ts';
import { digestOf } from '../digest.ts';
import type { Architecture, ImagePublished } from '../fact.ts';
import { fullVersion } from '../catalog/full-version.ts';
import type { DesiredComposition } from './composition.ts';
import { LineMemory } from './line-memory.ts';
import { planReceipts } from './plan-receipts.ts';
import { Reasoner } from './reasoner.ts';
import type { Composition, Plan, Reason, StepOutcome, WantedImport } from './step.ts';
import { stepKey } from './step-key.ts';
import type { Stock, StockRelease } from './stock.ts';
import { isWithdrawn, releasesToTake } from './upgrade.ts';
import { type PlanInput, Worklist } from './worklist.ts';

/** Compares what is desired with what exists. Pure: the same facts, catalog and clock give the same plan. */
export function plan(input: PlanInput): Plan {
  return new Planner().plan(input);
}

/**
 * The same turn after turn: what a line is to be made of and why an obligation stands where it stands are remembered,
 * by the identity of what they rest on. A planner with a past and a new one give the same plan.
 */
export class Planner {
  readonly #lines = new LineMemory();
  readonly #reasoner = new Reasoner();

  plan(input: PlanInput): Plan {
    const work = new Worklist(input);
    for (const recipe of input.catalog.recipes) planRecipe(recipe, input, work);
    this.#lines.look(input);
    const lineReasons = new Map<string, Reason>();
    for (const line of input.catalog.lines) {
      const { ended } = input.obligations.ofLine(line.line);
      const settled = ended.length === 0 ? this.#lines.settled(line, input) : undefined;
      lineReasons.set(line.line, settled ?? this.#planLine(line, input, work));
    }
    const reasons = this.#reasoner.reasonsFor(work, lineReasons);
    return { steps: work.inOrder(), reasons: [...reasons, ...lineReasons.values(), ...work.reasons], held: work.held };
  }

  /** Reasons of obligations given since `noted` was called last; some may say what was said before. */
  news(): readonly Reason[] {
    return this.#reasoner.news();
  }

  noted(): void {
    this.#reasoner.noted();
  }

  #planLine(line: Line, input: PlanInput, work: Worklist): Reason {
    const reason = this.#lines.sameAsBefore(line, planLine(line, this.#lines.desired(line), { input, work }));
    if (reason.who === 'nobody') this.#lines.settle(line, input, reason);
    return reason;
  }
}

/** What main declares is built; then the recipe follows its upstream: propose, build for every architecture, merge. */
function planRecipe(recipe: Recipe, input: PlanInput, work: Worklist): void {
  if (isWithdrawn(recipe, input.stock)) {
    const text = `${recipe.name} ${recipe.version} was withdrawn upstream: it is not built`;
    work.reasons.push({ subject: { kind: 'recipe', id: recipe.recipe }, who: 'person', text });
  } else {
    buildEverywhere(
      recipe,
      input.commit,
      `${recipe.name} ${fullVersion(recipe)} is declared and was never built`,
      work,
    );
  }
  const release = releaseToPropose(recipe, input, work);
  if (release === undefined) return;
  const why = `upstream released ${recipe.name} ${release.version}`;
  const key = proposalKey(recipe, release);
  const proposal = input.proposals.find((each) => each.key === key);
  if (proposal === undefined) {
    const wanted = { version: release.version, ref: release.ref, expected: expectedOf(release) };
    work.add(key, { kind: 'propose-change', recipe, release: wanted }, { reason: why, recipe });
    return;
  }
  if (!buildEverywhere(proposal.recipe, proposal.commit, why, work)) return;
  work.add(
    `merge ${proposal.commit}`,
    { kind: 'merge-change', recipe: proposal.recipe, branch: proposal.branch, commit: proposal.commit },
    { reason: `${recipe.name} ${release.version} is built and tested`, recipe },
  );
}

/**
 * The newest release above the recipe whose files can be had. Those that no mirror has are passed over, which is said, and
 * asked for again after a pause; where open obligations want a release and none is left, only upstream can help.
 */
function releaseToPropose(
  recipe: Recipe,
  { stock, outcomes, now }: PlanInput,
  work: Worklist,
): StockRelease | undefined {
  const absent: string[] = [];
  const newer = releasesToTake(recipe, stock);
  const there = newer.find((release) => {
    const outcome = outcomes.get(proposalKey(recipe, release));
    if (outcome?.kind !== 'failed' || outcome.code !== 'E0203' || mayRetry(outcome, now)) return true;
    absent.push(`${release.version} is announced, and its files cannot be had (${outcome.message})`);
    return false;
  });
  if (absent.length > 0) {
    const isStuck = there === undefined && work.towards(recipe).length > 0;
    const instead = there?.version ?? (isStuck ? 'nothing is left to take' : `it stays at ${recipe.version}`);
    work.reasons.push({
      subject: { kind: 'recipe', id: recipe.recipe },
      who: isStuck ? 'upstream' : 'nobody',
      text: `${recipe.name} ${absent.join('; ')}: ${there === undefined ? instead : `${instead} is taken`}`,
    });
  }
  return there;
}

function mayRetry({ retryAt }: Extract<StepOutcome, { readonly kind: 'failed' }>, now: Temporal.Instant): boolean {
  return retryAt !== null && Temporal.Instant.compare(retryAt, now) <= 0;
}

/** Another commit under the tag, other bytes of the archive, or another text of the recipe asks for another proposal. */
export function proposalKey(recipe: Recipe, release: ProposedRelease): string {
  const base = recipe.architectures.map((architecture) => stepKey(recipe, architecture)).join(' ');
  return `propose ${recipe.recipe} ${release.version} ${expectedOf(release) ?? release.ref} ${digestOf(base)}`;
}

type ProposedRelease = Pick<StockRelease, 'version' | 'ref' | 'commit' | 'sha256'>;

function expectedOf({ commit, sha256 }: ProposedRelease): string | null {
  return commit ?? sha256 ?? null;
}

/** True when every architecture is built already. */
function buildEverywhere(recipe: Recipe, commit: string, reason: string, work: Worklist): boolean {
  const absent = recipe.architectures.filter(
    (architecture) => !work.input.stock.packages.has(stepKey(recipe, architecture)),
  );
  for (const architecture of absent) {
    work.add(
      stepKey(recipe, architecture),
      { kind: 'build-package', recipe, architecture, commit },
      { reason, recipe },
    );
  }
  return absent.length === 0;
}

/** A line follows its packages: compose, verify, publish, confirm, attach receipts; one step at a time. */
function planLine(
  line: Line,
  desired: DesiredComposition,
  { input, work }: { readonly input: PlanInput; readonly work: Worklist },
): Reason {
  const subject = { kind: 'line' as const, id: line.line };
  if (desired.kind === 'missing') {
    return { subject, who: 'machine', text: `${line.line} waits for ${desired.missing.join(', ')}` };
  }
  if (desired.kind === 'impossible') {
    return { subject, who: 'upstream', text: `${line.line} cannot be composed: ${desired.reasons.join('; ')}` };
  }
  if (desired.kind === 'import') {
    const key = importKey(line, desired.packages);
    const reason = `${line.line} needs ${countOf(desired.packages)} of ${line.suites.join(', ')}`;
    const { packages } = desired;
    work.add(key, { kind: 'import-packages', line, packages }, { reason, line: line.line });
    return { subject, who: 'machine', text: reason, ...work.failureOf(key) };
  }

  const { composition } = desired;
  const published = input.stock.published.get(line.line);
  if (published?.composition !== composition.digest) {
    const reason = published === undefined ? `${line.line} was never published` : changeInWords(published, composition);
    const keys = publicationKeys(line, composition, input);
    for (const { kind, key } of keys) {
      if (kind !== 'publish-image' && input.outcomes.get(key)?.kind === 'done') continue;
      work.add(key, { kind, line, composition }, { reason, line: line.line });
      break;
    }
    const stuck = work.failureOf(...keys.map(({ key }) => key));
    return { subject, who: 'machine', text: reason, ...stuck };
  }

  const unconfirmed = unconfirmedArchitectures(line, published.manifests, input.stock);
  if (unconfirmed.length > 0) {
    const key = `confirm-image ${line.line} ${published.digest}`;
    const reason = `${line.line} is published; its bytes must be pulled back (${unconfirmed.join(', ')})`;
    work.add(key, { kind: 'confirm-image', line, composition, digest: published.digest }, { reason, line: line.line });
    return { subject, who: 'machine', text: reason, ...work.failureOf(key) };
  }

  const receipts = planReceipts(line, published.digest, { input, work });
  const stuck = receipts === undefined ? undefined : work.failureOf(receipts.key);
  // A record that is only written anew keeps nobody waiting, and is no reason for anything.
  if (receipts !== undefined && (stuck !== undefined || !receipts.isRenewal)) {
    const text = `${line.line} is published and confirmed as desired; receipts are attached to it`;
    return { subject, who: 'machine', text, ...stuck };
  }
  const notes = (desired.notes ?? []).map((note) => `; ${note}`).join('');
  return { subject, who: 'nobody', text: `${line.line} is published and confirmed as desired${notes}` };
}

function importKey(line: Line, packages: readonly WantedImport[]): string {
  const wanted = packages.map(({ architecture, package: { file } }) => `${architecture} ${file.sha256}`);
  return `import-packages ${line.line} ${digestOf(wanted.toSorted().join('\n'))}`;
}

function countOf(packages: readonly WantedImport[]): string {
  return packages.length === 1 ? `the package ${packages[0]?.package.name}` : `${packages.length} packages`;
}

/**
 * The three steps to publication. A verdict is known by everything that it was reached by: with another test, policy,
 * predecessor or advisory the gates are asked again.
 */
function publicationKeys(line: Line, composition: Composition, { catalog, stock }: PlanInput) {
  const judgedBy = [
    line.test,
    catalog.policy.compatibility,
    stock.published.get(line.line)?.digest ?? null,
    stock.advisorySet,
  ];
  return [
    { kind: 'compose-image' as const, key: `compose-image ${line.line} ${composition.digest}` },
    {
      kind: 'verify-image' as const,
      key: `verify-image ${line.line} ${composition.digest} ${digestOf(JSON.stringify(judgedBy))}`,
    },
    { kind: 'publish-image' as const, key: `publish-image ${line.line} ${composition.digest}` },
  ];
}

/** `hello 1.0.0-r0 -> 1.0.1-r0`, or that only the line's own declaration changed. */
function changeInWords(published: ImagePublished, { packages }: Composition): string {
  const before = new Map(
    published.packages.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
  const after = new Map(packages.map(({ name, version }) => [name, version]));
  const changed = [...after].filter(([name, version]) => before.get(name) !== version);
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const words = [
    ...changed.map(([name, version]) =>
      before.has(name) ? `${name} ${before.get(name)} -> ${version}` : `${name} ${version} is new`,
    ),
    ...gone.map((name) => `${name} is gone`),
  ];
  if (words.length === 0) return `${published.line} is declared in another way now, or made of other builds`;
  return words.length > WORDS_MAX
    ? `${words.slice(0, WORDS_MAX).join(', ')} and ${words.length - WORDS_MAX} more`
    : words.join(', ');
}

const WORDS_MAX = 5;

function unconfirmedArchitectures(
  line: Line,
  manifests: Partial<Record<Architecture, string>>,
  stock: Stock,
): Architecture[] {
  const confirmed = stock.confirmed.get(line.line) ?? [];
  const digestFor = (wanted: Architecture) => confirmed.find(({ architecture }) => architecture === wanted)?.digest;
  return line.architectures.filter((architecture) => digestFor(architecture) !== manifests[architecture]);
}
