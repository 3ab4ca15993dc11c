import type { FixCommit } from '../../core/match/advisory.ts';
import type { OsvAffected, OsvEvent } from './osv-schema.ts';

interface Hints {
  readonly 'upstream-commit'?: string | undefined;
  readonly repository?: string | undefined;
  readonly merged?: boolean | undefined;
}

/**
 * The commits by which upstream fixed it: those that close a range over commits, which are merged, and the one that our
 * own records name. A release that contains them may not exist yet.
 */
export function fixCommitsOf(entry: OsvAffected, hints: Hints): readonly FixCommit[] {
  const closing = entry.ranges
    .filter(({ type }) => type === 'GIT')
    .flatMap(({ repo, events }) =>
      commitsIn(events).map((commit): FixCommit => ({ repository: repo ?? null, commit, merged: true })),
    );
  const hinted = hints['upstream-commit'];
  const named =
    hinted === undefined
      ? []
      : [{ repository: hints.repository ?? null, commit: hinted, merged: hints.merged ?? false }];
  return [...named, ...closing.filter(({ commit }) => commit !== hinted)];
}

function commitsIn(events: readonly OsvEvent[]): readonly string[] {
  return events.flatMap(({ fixed }) =>
    fixed !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(fixed) ? [fixed] : [],
  );
}
