import type { Line, Recipe } from '../catalog/catalog.ts';
import type { Claim, Obligation } from '../promise/standing.ts';
import { fullVersion } from '../catalog/full-version.ts';
import { isOpen } from '../promise/standing.ts';
import { compareVersions } from '../version/compare.ts';
import { boundText, isAllowed } from './composition.ts';
import type { Reason, Step } from './step.ts';

/** What the catalog says about recipes by stream (`purl stream`) and lines by name. */
export interface CatalogIndex {
  readonly recipes: ReadonlyMap<string, Recipe>;
  readonly lines: ReadonlyMap<string, Line>;
}

/** All that a reason rests on besides the obligation and the catalog: while it is the same, so is the reason. */
export interface Basis {
  /** Whether the policy lets the fix be carried before its release; asked only while there is none. */
  readonly carried: { readonly take: boolean; readonly why: string } | undefined;
  /** Why the recipe that could fix it does not get on. */
  readonly stuck: Reason | undefined;
  /** The first step planned towards it. */
  readonly step: Pick<Step, 'kind' | 'reason'> | undefined;
  /** Where its line stands. */
  readonly line: Reason | undefined;
}

/** The claim that an obligation's reason is about: the most urgent open one. */
export function urgentClaim({ claims }: Obligation): Claim | undefined {
  return (
    claims.find((each) => isOpen(each.standing) && each.clock.t0 !== null) ??
    claims.find((each) => isOpen(each.standing))
  );
}

/** Whether nothing but a release can help: until then the other facts of the plan have no say. */
export function waitsForRelease({ clock, fix }: Claim): boolean {
  return clock.t0 === null || fix === null;
}

/** Why an open obligation is where it is, and who can move it. */
export function obligationReason(obligation: Obligation, basis: Basis, catalog: CatalogIndex): Reason {
  const claim = urgentClaim(obligation);
  const subject = { kind: 'obligation' as const, id: obligation.id };
  if (claim === undefined) return { subject, who: 'machine', text: 'its claims are being judged' };
  return { subject, ...claimReason(claim, obligation, { basis, catalog }) };
}

function claimReason(
  claim: Claim,
  obligation: Obligation,
  { basis, catalog }: { readonly basis: Basis; readonly catalog: CatalogIndex },
): Omit<Reason, 'subject'> {
  if (waitsForRelease(claim)) return waitingForUpstream(claim, basis);
  if (isImported(claim)) return importedReason(claim, { basis, line: catalog.lines.get(obligation.line) });
  const recipe = catalog.recipes.get(`${claim.upstream} ${claim.stream}`);
  if (recipe === undefined) {
    return {
      who: 'person',
      text: `no recipe of this catalog builds ${claim.upstream} ${claim.stream}: a person must add one, or take ${claim.packages.join(', ')} out`,
    };
  }
  const version = claim.fix?.version ?? 'the fix';
  const held = heldBack(version, recipe, catalog.lines.get(obligation.line));
  if (held !== undefined) return { who: 'person', text: held };
  if (compareVersions(recipe.upstream.scheme, recipe.version, version) < 0) {
    if (basis.stuck !== undefined) return { who: basis.stuck.who, text: basis.stuck.text };
    if (!recipe.update.enabled)
      return {
        who: 'person',
        text: `${recipe.file} does not follow its upstream (update.enabled: false); ${version} has the fix`,
      };
  }
  return workReason(basis) ?? { who: 'machine', text: 'waits for the next turn' };
}

/** Packages that a distribution built: only its own suites can bring the fix. */
function isImported({ upstream }: Claim): boolean {
  return upstream.startsWith('pkg:deb/');
}

/** Where nothing is planned although the fix is out, it is in a suite that the line does not take. */
function importedReason(
  claim: Claim,
  { basis, line }: { readonly basis: Basis; readonly line: Line | undefined },
): Omit<Reason, 'subject'> {
  const working = workReason(basis);
  if (working !== undefined) return working;
  const held = line?.packages.find(({ name, bound }) => bound !== null && claim.packages.includes(name));
  if (line !== undefined && held !== undefined) {
    return { who: 'person', text: `${line.line} holds ${held.name}${boundText(held)} at ${held.at}: lift the bound` };
  }
  const suites = line?.suites.join(', ') ?? 'its suites';
  const text = `${claim.fix?.version ?? 'the fix'} is in no suite that this line takes (${suites}): add the one that has it`;
  return { who: 'person', text };
}

/** What is being done, if anything is. */
function workReason({ step, line }: Basis): Omit<Reason, 'subject'> | undefined {
  if (step !== undefined) return { who: 'machine', text: `next: ${step.kind} (${step.reason})` };
  return line === undefined || line.who === 'nobody' ? undefined : { who: line.who, text: line.text };
}

function waitingForUpstream(claim: Claim, { carried }: Basis): Omit<Reason, 'subject'> {
  const waiting = `no usable release of ${claim.upstream} ${claim.stream} has the fix`;
  if (carried === undefined) return { who: 'upstream', text: waiting };
  if (carried.take) return { who: 'person', text: `${waiting}; the policy allows a cherry-pick: ${carried.why}` };
  return { who: 'upstream', text: `${waiting}; not cherry-picked: ${carried.why}` };
}

/** A bound in the line keeps the fixed version out: only a person may lift it, or order a backport. */
function heldBack(version: string, recipe: Recipe, line: Line | undefined): string | undefined {
  const fixed = fullVersion({ version, epoch: 0, format: recipe.format });
  const wanted = line?.packages.find((each) => each.name === recipe.name && !isAllowed(each, fixed, recipe.format));
  if (line === undefined || wanted === undefined) return undefined;
  const note = wanted.note === null ? '' : ` ("${wanted.note}")`;
  return `${line.line} holds ${wanted.name}${boundText(wanted)} at ${wanted.at}${note} and ${version} is outside: lift the bound, or have the fix backported`;
}
