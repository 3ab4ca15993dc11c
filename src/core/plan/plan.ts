import type { Line, Recipe } from '../catalog/catalog.ts';
import type { Architecture } from '../fact.ts';
import type { Obligation } from '../promise/standing.ts';
import { type DesiredComposition, fullVersion } from './composition.ts';
import { LineMemory } from './line-memory.ts';
import { Reasoner } from './reasoner.ts';
import type { Plan, Reason } from './step.ts';
import { stepKey } from './step-key.ts';
import type { Stock } from './stock.ts';
import { releaseToTake } from './upgrade.ts';
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
      const ended = work.endedIn(line.line);
      const settled = ended.length === 0 ? this.#lines.settled(line, input.stock) : undefined;
      lineReasons.set(line.line, settled ?? this.#planLine(line, input, work));
    }
    const reasons = this.#reasoner.reasonsFor(work, lineReasons);
    return { steps: work.inOrder(), reasons: [...reasons, ...lineReasons.values(), ...work.reasons] };
  }

  #planLine(line: Line, input: PlanInput, work: Worklist): Reason {
    const reason = planLine(line, this.#lines.desired(line), { input, work });
    if (reason.who === 'nobody') this.#lines.settle(line, input.stock, reason);
    return reason;
  }
}

/** A recipe follows its upstream: propose, build for every architecture, merge. On main it only needs to be built. */
function planRecipe(recipe: Recipe, input: PlanInput, work: Worklist): void {
  const release = releaseToTake(recipe, input.stock);
  if (release === undefined) {
    buildEverywhere(
      recipe,
      input.commit,
      `${recipe.name} ${fullVersion(recipe)} is declared and was never built`,
      work,
    );
    return;
  }
  const why = `upstream released ${recipe.name} ${release.version}`;
  const proposal = input.proposals.find(
    (each) => each.recipe.recipe === recipe.recipe && each.recipe.version === release.version,
  );
  if (proposal === undefined) {
    work.add(
      `propose ${recipe.recipe} ${release.version} ${release.commit ?? release.ref}`,
      {
        kind: 'propose-change',
        recipe,
        release: { version: release.version, ref: release.ref, commit: release.commit ?? null },
      },
      { reason: why, recipe, version: release.version },
    );
    return;
  }
  if (!buildEverywhere(proposal.recipe, proposal.commit, why, work)) return;
  work.add(
    `merge ${proposal.commit}`,
    { kind: 'merge-change', recipe: proposal.recipe, branch: proposal.branch, commit: proposal.commit },
    { reason: `${recipe.name} ${release.version} is built and tested`, recipe, version: release.version },
  );
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
      { reason, recipe, version: recipe.version },
    );
  }
  return absent.length === 0;
}

const publicationSteps = ['compose-image', 'verify-image', 'publish-image'] as const;

/** A line follows its packages: compose, verify, publish, confirm, attach receipts; one step at a time. */
function planLine(
  line: Line,
  desired: DesiredComposition,
  { input, work }: { readonly input: PlanInput; readonly work: Worklist },
): Reason {
  if (desired.kind === 'missing') {
    return {
      subject: { kind: 'line', id: line.line },
      who: 'machine',
      text: `${line.line} waits for ${desired.missing.join(', ')}`,
    };
  }

  const { composition } = desired;
  const published = input.stock.published.get(line.line);
  if (published?.composition !== composition.digest) {
    const reason = published === undefined ? `${line.line} was never published` : `${line.line} has other packages now`;
    for (const kind of publicationSteps) {
      const key = `${kind} ${line.line} ${composition.digest}`;
      if (kind !== 'publish-image' && input.outcomes.get(key)?.kind === 'done') continue;
      work.add(key, { kind, line, composition }, { reason, line: line.line });
      break;
    }
    const keys = publicationSteps.map((kind) => `${kind} ${line.line} ${composition.digest}`);
    return { subject: { kind: 'line', id: line.line }, who: 'machine', text: reason, ...work.failureOf(...keys) };
  }

  const unconfirmed = unconfirmedArchitectures(line, published.manifests, input.stock);
  if (unconfirmed.length > 0) {
    const key = `confirm-image ${line.line} ${published.digest}`;
    const reason = `${line.line} is published; its bytes must be pulled back (${unconfirmed.join(', ')})`;
    work.add(key, { kind: 'confirm-image', line, digest: published.digest }, { reason, line: line.line });
    return { subject: { kind: 'line', id: line.line }, who: 'machine', text: reason, ...work.failureOf(key) };
  }

  for (const obligation of work.endedIn(line.line)) {
    const key = receiptKey(obligation);
    if (input.outcomes.get(key)?.kind === 'done') continue;
    const reason = `${obligation.vulnerability} ended in ${line.line}`;
    work.add(key, { kind: 'attach-receipts', line, obligations: [obligation.id] }, { reason, line: line.line });
  }
  return {
    subject: { kind: 'line', id: line.line },
    who: 'nobody',
    text: `${line.line} is published and confirmed as desired`,
  };
}

/** One receipt for each end: an obligation that is re-opened and ends again gets another. */
export function receiptKey(obligation: Obligation): string {
  return `attach-receipts ${obligation.id} ${obligation.clock.t1?.toString() ?? ''}`;
}

function unconfirmedArchitectures(
  line: Line,
  manifests: Partial<Record<Architecture, string>>,
  stock: Stock,
): Architecture[] {
  const confirmed = stock.confirmed.get(line.line);
  return line.architectures.filter((architecture) => confirmed?.get(architecture)?.digest !== manifests[architecture]);
}
