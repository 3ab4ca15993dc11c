import type { AdvisoryRecord } from './advisory.ts';
import type { ComponentVerdict, VerdictOptions } from './component-verdict.ts';
import type { Component } from './inventory.ts';
import type { StatementVerdict } from './judge-statements.ts';
import type { RecordsAround } from './records-around.ts';
import { underEveryName } from './under-every-name.ts';
import { verdictOn } from './verdict-on.ts';

/** Who says that a covered component is not affected after all, and about what. */
export interface Overruling {
  /**
   * `patched`: a patch of ours; `denied`: a record about the same package says outright that it is not affected; `owner`: the
   * distribution mended it, or says so, in the package that owns the file.
   */
  readonly kind: 'patched' | 'denied' | 'owner';
  /** Null for a patch. */
  readonly by: Pick<ComponentVerdict, 'record' | 'words'> | null;
  readonly words: string;
}

/** What else is known around a verdict. */
export interface Around {
  /** All that is inside the image. */
  readonly components: readonly Component[];
  readonly records: RecordsAround;
  readonly options?: VerdictOptions;
}

/**
 * What overrules an `affected` of this record: ids alone never decide, all names of the vulnerability do. A distribution
 * that numbers nothing unfixed (Alpine, say) is believed for each vulnerability by itself.
 */
export function overruledBy(component: Component, record: AdvisoryRecord, around: Around): Overruling | null {
  const patch = component.patched.find((id) => id === record.id || record.aliases.includes(id));
  if (patch !== undefined) return { kind: 'patched', by: null, words: `a patch of ours removes ${patch}` };
  const denying = saidOf(component, record, around).find(isDenial);
  if (denying !== undefined) return { kind: 'denied', by: denying, words: denying.words };
  const { ownedBy } = component;
  if (ownedBy === undefined) return null;
  const owners = around.components.filter((each) => each.edge === 'is' && each.package === ownedBy);
  const said = owners.flatMap((owner) => saidOf(owner, record, around));
  const mending = mendingIn(said);
  return mending === undefined
    ? null
    : {
        kind: 'owner',
        by: mending,
        words: `it lies in ${ownedBy}, of which ${mending.record.source} says: ${mending.words}`,
      };
}

/**
 * Of what is said about the package that owns a file: the word that its distribution mended it or that it has no such flaw.
 * Where the package itself is affected, its file is; where nothing is sure, nothing is overruled.
 */
export function mendingIn<Said extends StatementVerdict>(said: readonly Said[]): Said | undefined {
  if (said.some(({ verdict }) => verdict !== 'not-affected')) return undefined;
  return said.find((each) => isDenial(each) || isMended(each));
}

/** What all records about that vulnerability say of a component. */
function saidOf(
  component: Component,
  record: AdvisoryRecord,
  { records, options }: Around,
): readonly ComponentVerdict[] {
  const named = underEveryName(component);
  const same = records.aboutSameFlaw(
    record,
    named.map(({ upstream }) => upstream),
  );
  return named.flatMap((each) => same.flatMap((one) => verdictOn(each, one, options) ?? []));
}

function isDenial({ verdict, because }: StatementVerdict): boolean {
  return verdict === 'not-affected' && because.kind === 'stated';
}

/** At or above a release that fixes it; what lies below all ranges, or in none, was not mended. */
function isMended({ because }: StatementVerdict): boolean {
  return because.kind === 'outside' && because.side === 'fixed';
}
