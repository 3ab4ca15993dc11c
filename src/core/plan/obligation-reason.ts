import type { Line, Recipe } from '../catalog/catalog.ts';
import type { Claim, Obligation } from '../promise/standing.ts';
import { isOpen } from '../promise/standing.ts';
import { compareVersions } from '../version/compare.ts';
import { boundText, isAllowed, type PackageShelf } from './composition.ts';
import type { PlanInput, Worklist } from './worklist.ts';
import type { Reason } from './step.ts';

interface ReasonContext {
  readonly input: PlanInput;
  readonly work: Worklist;
  readonly lineReasons: ReadonlyMap<string, Reason>;
  readonly shelf: PackageShelf;
  readonly recipes: ReadonlyMap<string, Recipe>;
  readonly lines: ReadonlyMap<string, Line>;
}

/** Why an open obligation is where it is, and who can move it: asked of its most urgent open claim. */
export function obligationReason(obligation: Obligation, context: ReasonContext): Reason {
  const claim =
    obligation.claims.find((each) => isOpen(each.standing) && each.clock.t0 !== null) ??
    obligation.claims.find((each) => isOpen(each.standing));
  const subject = { kind: 'obligation' as const, id: obligation.id };
  if (claim === undefined) return { subject, who: 'machine', text: 'its claims are being judged' };
  return { subject, ...claimReason(claim, obligation, context) };
}

function claimReason(claim: Claim, obligation: Obligation, context: ReasonContext): Omit<Reason, 'subject'> {
  if (claim.clock.t0 === null || claim.fix === null) return waitingForUpstream(claim, obligation, context);
  const recipe = context.recipes.get(`${claim.upstream} ${claim.stream}`);
  if (recipe === undefined) {
    return {
      who: 'person',
      text: `no recipe of this catalog builds ${claim.upstream} ${claim.stream}: a person must add one, or take ${claim.packages.join(', ')} out`,
    };
  }
  const held = heldBack(claim, obligation, recipe, context);
  if (held !== undefined) return { who: 'person', text: held };
  if (compareVersions(recipe.upstream.scheme, recipe.version, claim.fix.version) < 0) {
    const stuck = context.work.reasons.find(
      (reason) => reason.subject.kind === 'recipe' && reason.subject.id === recipe.recipe,
    );
    if (stuck !== undefined) return { who: stuck.who, text: stuck.text };
    if (!recipe.update.enabled)
      return {
        who: 'person',
        text: `${recipe.file} does not follow its upstream (update.enabled: false); ${claim.fix.version} has the fix`,
      };
  }
  const step = context.work.stepFor(obligation);
  if (step !== undefined) return { who: 'machine', text: `next: ${step.kind} (${step.reason})` };
  const line = context.lineReasons.get(obligation.line);
  return line === undefined || line.who === 'nobody'
    ? { who: 'machine', text: 'waits for the next turn' }
    : { who: line.who, text: line.text };
}

function waitingForUpstream(claim: Claim, obligation: Obligation, { input }: ReasonContext): Omit<Reason, 'subject'> {
  const waiting = `no usable release of ${claim.upstream} ${claim.stream} has the fix`;
  const carried = input.cherryPick(obligation);
  if (carried === undefined) return { who: 'upstream', text: waiting };
  if (carried.take) return { who: 'person', text: `${waiting}; the policy allows a cherry-pick: ${carried.why}` };
  return { who: 'upstream', text: `${waiting}; not cherry-picked: ${carried.why}` };
}

/** A bound in the line keeps the fixed version out: only a person may lift it, or order a backport. */
function heldBack(claim: Claim, obligation: Obligation, recipe: Recipe, { lines }: ReasonContext): string | undefined {
  const wanted = lines
    .get(obligation.line)
    ?.packages.find((each) => each.name === recipe.name && !isAllowed(each, `${claim.fix?.version ?? ''}-r0`));
  if (wanted === undefined) return undefined;
  const note = wanted.note === null ? '' : ` ("${wanted.note}")`;
  return `${obligation.line} holds ${wanted.name}${boundText(wanted)} at ${wanted.at}${note} and ${claim.fix?.version ?? 'the fix'} is outside: lift the bound, or have the fix backported`;
}
