import type { DeclaredException } from '../../core/catalog/catalog.ts';
import type { Failure } from '../../core/failure.ts';
import { checkShape, type Shaped } from './check-shape.ts';
import { dayOrInstant, noDay } from './day-or-instant.ts';
import { didYouMean } from './did-you-mean.ts';
import { exceptionsSchema } from './exceptions-schema.ts';
import { placeOf, problemAt } from './problem.ts';
import type { YamlFile } from './yaml-file.ts';

/** Longer than a quarter nobody remembers why: then it is agreed anew. */
export const EXCEPTION_DAYS_MAX = 90;

export interface ReadExceptions {
  readonly exceptions: readonly DeclaredException[];
  /** What names a line that is none of these. */
  readonly unknownLine: (lines: readonly string[]) => readonly Failure[];
}

/** Reads `exceptions.yaml`. Whether an entry is over by now is not for a file to say: see declare-exceptions.ts. */
export function readExceptions(yaml: YamlFile): Shaped<ReadExceptions> {
  const shaped = checkShape(yaml, exceptionsSchema);
  if (shaped.kind === 'problems') return shaped;
  const problems: Failure[] = [];
  const known = new Map<string, string>();
  const exceptions = (['waivers', 'holds'] as const).flatMap((list) =>
    shaped.value[list].map((entry, index) => {
      const path = [list, index];
      const kind = list === 'waivers' ? ('waiver' as const) : ('hold' as const);
      const term = termOf(entry, path, { yaml, problems });
      const { vulnerability, line, approver, reason } = entry;
      const key = `${kind} ${vulnerability} ${line}`;
      const first = known.get(key);
      const at = placeOf(yaml, path);
      if (first !== undefined) {
        const what = `a ${kind} for ${vulnerability} in ${line} is there twice`;
        problems.push(problemAt(yaml, path, { code: 'E0101', what, why: `${first} is the first` }));
      }
      known.set(key, at);
      return { exception: { kind, vulnerability, line, approver, reason, ...term, at }, path };
    }),
  );
  if (problems.length > 0) return { kind: 'problems', problems };
  return {
    kind: 'shaped',
    value: {
      exceptions: exceptions.map(({ exception }) => exception),
      unknownLine: (lines) =>
        exceptions.flatMap(({ exception: { kind, line }, path }) => {
          if (lines.includes(line)) return [];
          const near = didYouMean(line, lines);
          return [
            problemAt(yaml, [...path, 'line'], {
              code: 'E0102',
              what: `no line of this catalog is ${line}`,
              hint: near === undefined ? `Take the ${kind} out.` : `Did you mean ${near}?`,
            }),
          ];
        }),
    },
  };
}

function termOf(
  entry: { readonly granted: string; readonly until: string },
  path: readonly PropertyKey[],
  { yaml, problems }: { readonly yaml: YamlFile; readonly problems: Failure[] },
): Pick<DeclaredException, 'granted' | 'until'> {
  const granted = dayOrInstant(entry.granted, 'begin');
  const until = dayOrInstant(entry.until, 'end');
  if (granted === null) problems.push(problemAt(yaml, [...path, 'granted'], noDay(entry.granted)));
  if (until === null) problems.push(problemAt(yaml, [...path, 'until'], noDay(entry.until)));
  if (granted === null || until === null) return { granted: '', until: '' };
  const wrong = wrongTerm(Temporal.Instant.from(granted), Temporal.Instant.from(until));
  if (wrong !== undefined) problems.push(problemAt(yaml, [...path, 'until'], { code: 'E0101', ...wrong }));
  return { granted, until };
}

/** The last day counts whole: 90 days after the day on which it was granted is not too long. */
function wrongTerm(granted: Temporal.Instant, until: Temporal.Instant): { what: string; hint: string } | undefined {
  if (Temporal.Instant.compare(until, granted) <= 0) {
    return { what: 'it ends before it was granted', hint: 'Write a day on or after `granted`.' };
  }
  const latest = granted.add({ hours: 24 * (EXCEPTION_DAYS_MAX + 1) });
  if (Temporal.Instant.compare(until, latest) <= 0) return undefined;
  const last = granted
    .add({ hours: 24 * EXCEPTION_DAYS_MAX })
    .toString()
    .slice(0, 'yyyy-mm-dd'.length);
  return {
    what: `it lasts longer than ${EXCEPTION_DAYS_MAX} days`,
    hint: `The latest day is ${last}; when that is near, agree anew and set \`granted\` and \`until\` again.`,
  };
}
