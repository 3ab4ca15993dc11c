import type { CompatibilityBreak, HighProfileCondition, Policy } from '../promise/policy.ts';
import { backportWords, linesWords } from './backport.ts';
import { cherryPickWords } from './cherry-pick.ts';
import { either } from './decision.ts';

/** A policy as sentences for the page that states what we promise, under the heading each belongs to. */
export interface PolicySentence {
  readonly about:
    | 'deadlines'
    | 'clock'
    | 'severity'
    | 'high-profile'
    | 'compilers'
    | 'backport'
    | 'cherry-pick'
    | 'compatibility';
  readonly sentence: string;
}

export function describePolicy(policy: Policy): readonly PolicySentence[] {
  return [
    ...about('deadlines', deadlines(policy)),
    ...about('clock', clock(policy)),
    ...about('severity', severity(policy)),
    ...about('high-profile', highProfile(policy)),
    ...about('compilers', [compilers[policy.compilerUpdates]]),
    ...about('backport', backport(policy)),
    ...about('cherry-pick', cherryPick(policy)),
    ...about('compatibility', compatibility(policy)),
  ];
}

function about(topic: PolicySentence['about'], sentences: readonly string[]): readonly PolicySentence[] {
  return sentences.map((sentence) => ({ about: topic, sentence }));
}

/** Severities with the same time share a sentence. */
function deadlines({ promise }: Policy): readonly string[] {
  const levels = ['critical', 'high', 'medium', 'low'] as const;
  const times = [...new Set(levels.map((level) => promise[level]))];
  return [
    ...times.map((seconds) => {
      const same = levels.filter((level) => promise[level] === seconds);
      return `A ${either(same)} vulnerability is remediated within ${lengthWords(seconds)}.`;
    }),
    `One that is known to be exploited is remediated within ${lengthWords(promise.exploited)}, or sooner where its severity says so.`,
    'Remediated means: every supported architecture is published, pulled back from the registry, rescanned from the pulled bytes, and clean.',
  ];
}

function clock({ clock: { start } }: Policy): readonly string[] {
  const begin = {
    release:
      'The clock starts at the earliest moment at which a release with the fix may have been available upstream.',
    'release-and-known':
      'The clock starts when a release with the fix is available upstream, and never before that release was publicly tied to the vulnerability.',
  };
  return [begin[start], 'It does not stop for nights, weekends or holidays, nor for reasons of our own.'];
}

function severity({ severity: { sources, unscored } }: Policy): readonly string[] {
  return [
    `The severity that counts is that of the first of these who rates it: ${sources.join(', ')}.`,
    `While nobody has rated it, it counts as ${unscored}.`,
  ];
}

function highProfile({ highProfile: { any, targetSeconds } }: Policy): readonly string[] {
  if (any.length === 0) return ['No vulnerability is treated as high-profile.'];
  return [
    `A vulnerability is high-profile if ${any.map(highProfileWords).join(', or if ')}.`,
    `Then every supported line that holds it is rebuilt ahead of all other work, with the aim of being done within ${lengthWords(targetSeconds)}.`,
  ];
}

function highProfileWords(condition: HighProfileCondition): string {
  switch (condition.kind) {
    case 'severity':
      return `its severity is ${either(condition.levels)}${shareWords(condition.linesShare)}`;
    case 'exploited':
      return `it is known to be exploited${shareWords(condition.linesShare)}`;
    case 'declared':
      return 'a person declares it so';
  }
}

function shareWords(share: number): string {
  return share === 0 ? '' : ` and at least ${Number((share * 100).toFixed(2))} % of all lines hold it`;
}

const compilers: Readonly<Record<Policy['compilerUpdates'], string>> = {
  'only-if-it-patches':
    'A new compiler or build root rebuilds a package only if it patches vulnerabilities that are in that very package.',
  'scanner-clean':
    'A new compiler or build root rebuilds a package if it patches vulnerabilities in that package, or if scanners would report the old compiler in it.',
  'any-release': 'Every new release of a compiler or build root rebuilds every package made with it.',
};

function backport({ backport: { all, automatic, approvals, approvalsIf } }: Policy): readonly string[] {
  if (all.length === 0) return ['No fix is carried to an older version.'];
  return [
    `A fix is carried to an older version only if ${all.map(backportWords).join(' and ')}.`,
    `Nobody has to approve it if ${linesWords(automatic.linesChangedMax)} and every gate passed; otherwise ${peopleWords(approvals)}.`,
    ...approvalsIf.map(
      (one) =>
        `For ${one.severity} vulnerabilities, when the patch differs from upstream's, ${peopleWords(one.approvals)}.`,
    ),
  ];
}

function cherryPick({ cherryPick: { all, approvals, reviewEverySeconds } }: Policy): readonly string[] {
  if (all.length === 0) return ['No fix is applied before upstream has released it.'];
  return [
    `A fix is applied before upstream has released it only if all of these hold: ${all.map(cherryPickWords).join(' — and — ')}.`,
    `For that, ${peopleWords(approvals)}; it is looked at again every ${lengthWords(reviewEverySeconds)} and dropped when upstream ships the fix.`,
  ];
}

function peopleWords(count: number): string {
  if (count === 0) return 'nobody has to approve';
  return count === 1 ? 'one person approves' : `${count} people approve`;
}

function compatibility({ compatibility: { refuse } }: Policy): readonly string[] {
  if (refuse.length === 0) return ['No change within a line keeps an image from being published.'];
  return [`Within a line, an image is not published if ${either(refuse.map((one) => breakWords[one]))}.`];
}

const breakWords: Readonly<Record<CompatibilityBreak, string>> = {
  'soname-removed': 'a shared library is gone',
  'symbol-removed': 'a symbol of a library is gone',
  'file-removed': 'a file is gone',
  'config-changed': 'a configuration file changed',
  'entrypoint-changed': 'the entrypoint changed',
  'user-changed': 'the user or an account changed',
  'setuid-added': 'a program newly runs with the rights of its owner or group',
  'size-grew': 'it grew by more than a quarter',
};

/** `48 hours`, `14 days`: days from three on, because two days are promised as 48 hours. */
function lengthWords(seconds: number): string {
  const [day, hour, minute] = [86_400, 3600, 60];
  if (seconds % day === 0 && seconds >= 3 * day) return `${seconds / day} days`;
  if (seconds % hour === 0) return seconds === hour ? '1 hour' : `${seconds / hour} hours`;
  if (seconds % minute === 0) return seconds === minute ? '1 minute' : `${seconds / minute} minutes`;
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
