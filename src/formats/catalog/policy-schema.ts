import { z } from 'zod';
import { compatibilityBreaks, defaultPolicy } from '../../core/promise/policy.ts';
import { duration, object } from './schema-parts.ts';

const level = z.enum(['critical', 'high', 'medium', 'low']);
const levels = z.array(level).min(1, { error: 'is empty: name at least one severity' });
const isTrue = z.literal(true, { error: 'can only be true; leave the condition out otherwise' });
const share = z.number().min(0).max(1);
const approvals = z.int().min(0).max(10);

/** Conditions are maps of one question each: more than one, or none, would not say what is meant. */
function exactlyOne(keys: readonly string[]) {
  return (value: Readonly<Record<string, unknown>>, context: z.RefinementCtx) => {
    const asked = keys.filter((key) => value[key] !== undefined);
    if (asked.length === 1) return;
    context.addIssue({ code: 'custom', message: `must have exactly one of ${keys.join(', ')}` });
  };
}

const promised = (text: string, what: string) =>
  duration()
    .prefault(text)
    .meta({ description: `${what}, counted from the moment a release with the fix is available.`, examples: [text] });

const highProfileCondition = object({
  severity: levels.optional().meta({
    description: 'Severities that count. Absent: another question is asked.',
    examples: [['critical', 'high']],
  }),
  exploited: isTrue
    .optional()
    .meta({ description: 'Listed as known exploited. Absent: another question is asked.', examples: [true] }),
  declared: isTrue
    .optional()
    .meta({ description: 'Somebody declared it. Absent: another question is asked.', examples: [true] }),
  'lines-share': share
    .optional()
    .meta({ description: 'Least share of all lines that hold it, 0 to 1.', default: 0, examples: [0.25] }),
})
  .superRefine(exactlyOne(['severity', 'exploited', 'declared']))
  .superRefine((value, context) => {
    if (value.declared === true && value['lines-share'] !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['lines-share'],
        message: 'does not go with `declared`, which counts however few lines hold it',
      });
    }
  });

const backportCondition = object({
  line: z
    .literal('supported')
    .optional()
    .meta({ description: 'The line is still supported. Absent: another question is asked.', examples: ['supported'] }),
  'upstream-release-for-line': z
    .literal('none')
    .optional()
    .meta({
      description: 'Upstream has no release with the fix that the line may take. Absent: another question is asked.',
      examples: ['none'],
    }),
}).superRefine(exactlyOne(['line', 'upstream-release-for-line']));

const cherryPickQuestions = {
  'upstream-release': z
    .literal('none')
    .optional()
    .meta({ description: 'Upstream has not released the fix. Absent: another question is asked.', examples: ['none'] }),
  severity: levels.optional().meta({
    description: 'Severities that count. Absent: another question is asked.',
    examples: [['critical', 'high']],
  }),
  exploited: isTrue
    .optional()
    .meta({ description: 'Listed as known exploited. Absent: another question is asked.', examples: [true] }),
  'epss-min': share.optional().meta({
    description: 'Least probability of exploitation within 30 days, 0 to 1. Absent: another question is asked.',
    examples: [0.6],
  }),
  source: z
    .array(z.enum(['upstream-merged', 'upstream-posted', 'distro-consensus']))
    .min(1, { error: 'is empty: name at least one source' })
    .optional()
    .meta({
      description:
        'Where the fix may come from: merged by upstream, posted by upstream, or carried by several distributions. Absent: another question is asked.',
      examples: [['upstream-merged', 'upstream-posted']],
    }),
};

export interface CherryPickQuestion extends z.infer<ReturnType<typeof plainQuestion>> {
  readonly any?: readonly CherryPickQuestion[] | undefined;
}

function plainQuestion() {
  return object(cherryPickQuestions);
}

const cherryPickCondition: z.ZodType<CherryPickQuestion> = object({
  ...cherryPickQuestions,
  get any(): z.ZodOptional<z.ZodArray<z.ZodType<CherryPickQuestion>>> {
    return z
      .array(cherryPickCondition)
      .min(1, { error: 'is empty: name at least one condition' })
      .optional()
      .meta({
        description: 'At least one of these holds. Absent: another question is asked.',
        examples: [[{ exploited: true }]],
      });
  },
}).superRefine(exactlyOne([...Object.keys(cherryPickQuestions), 'any']));

/** `policy.yaml`: the stated conditions of the promise. */
export const policySchema = object({
  name: z
    .string()
    .min(1)
    .max(63)
    .default('default')
    .meta({ description: 'Name of this policy, shown on receipts.', examples: ['default'] }),
  promise: object({
    critical: promised('48h', 'Time to remediate a critical vulnerability'),
    high: promised('48h', 'Time to remediate a high one'),
    medium: promised('14d', 'Time to remediate a medium one'),
    low: promised('14d', 'Time to remediate a low one'),
    exploited: promised(
      '48h',
      'Time to remediate one that is known to be exploited, when that is shorter than for its severity',
    ),
  })
    .prefault({})
    .meta({
      description: 'How soon.',
      examples: [{ critical: '48h', high: '48h', medium: '14d', low: '14d', exploited: '48h' }],
    }),
  clock: object({
    start: z
      .enum(['release', 'release-and-known'])
      .default('release')
      .meta({
        description:
          'When the clock starts: at the release, or never before the release was publicly tied to the vulnerability. Both are always computed and shown.',
        examples: ['release'],
      }),
  })
    .prefault({})
    .meta({ description: 'How time is counted.', examples: [{ start: 'release' }] }),
  severity: object({
    sources: z
      .array(z.enum(['vendor', 'cna', 'ghsa', 'nvd', 'cisa-adp']))
      .min(1, { error: 'is empty: name at least one source' })
      .default(['vendor', 'cna', 'ghsa', 'nvd', 'cisa-adp'])
      .meta({
        description: 'Whose rating counts: the first that rates wins; within one, CVSS v4, then v3.1, v3.0, v2.',
        examples: [['vendor', 'cna', 'nvd']],
      }),
    unscored: level.default('high').meta({ description: 'What counts when nobody has rated it.', examples: ['high'] }),
  })
    .prefault({})
    .meta({ description: 'Whose severity counts.', examples: [{ sources: ['vendor', 'nvd'], unscored: 'high' }] }),
  'high-profile': object({
    any: z
      .array(highProfileCondition)
      .default([
        { severity: ['critical', 'high'], 'lines-share': 0.25 },
        { exploited: true, 'lines-share': 0.1 },
        { declared: true },
      ])
      .meta({
        description: 'One of these makes it high-profile: a mass rebuild, ahead of all other work.',
        examples: [[{ declared: true }]],
      }),
    target: duration()
      .prefault('24h')
      .meta({ description: 'How soon a mass rebuild is meant to be done.', examples: ['24h'] }),
  })
    .prefault({})
    .meta({
      description: 'When everything that holds it is rebuilt at once.',
      examples: [{ any: [{ declared: true }], target: '24h' }],
    }),
  'compiler-updates': z
    .enum(['only-if-it-patches', 'scanner-clean', 'any-release'])
    .default('only-if-it-patches')
    .meta({
      description:
        'When a new compiler rebuilds a package: only if it fixes something inside that package, also where only the version matches, or at any release.',
      examples: ['only-if-it-patches'],
    }),
  backport: object({
    all: z
      .array(backportCondition)
      .default([{ line: 'supported' }, { 'upstream-release-for-line': 'none' }])
      .meta({
        description: 'All of these must hold before a fix is carried to an older version.',
        examples: [[{ line: 'supported' }]],
      }),
    automatic: object({
      'lines-changed-max': z
        .int()
        .min(0)
        .max(100_000)
        .default(20)
        .meta({ description: 'Most changed lines that need no approval.', examples: [20] }),
      gates: z
        .literal('all')
        .default('all')
        .meta({ description: 'Which gates must have passed for that; the only choice.', examples: ['all'] }),
    })
      .prefault({})
      .meta({ description: 'When nobody needs to approve it.', examples: [{ 'lines-changed-max': 20, gates: 'all' }] }),
    approvals: approvals.default(1).meta({ description: 'How many people approve otherwise.', examples: [1] }),
    'approvals-if': z
      .array(
        object({
          severity: level.meta({ description: 'For this severity,', examples: ['critical'] }),
          'diff-of-diffs': z
            .literal('not-empty')
            .meta({ description: "when our patch differs from upstream's,", examples: ['not-empty'] }),
          approvals: approvals.meta({ description: 'this many people approve.', examples: [2] }),
        }),
      )
      .default([{ severity: 'critical', 'diff-of-diffs': 'not-empty', approvals: 2 }])
      .meta({ description: 'Cases that need another number of approvals.', examples: [[]] }),
  })
    .prefault({})
    .meta({ description: 'When a fix is carried to an older version.', examples: [{ approvals: 1 }] }),
  'cherry-pick': object({
    all: z
      .array(cherryPickCondition)
      .default([
        { 'upstream-release': 'none' },
        { any: [{ severity: ['critical', 'high'] }, { exploited: true }, { 'epss-min': 0.6 }] },
        { source: ['upstream-merged', 'upstream-posted', 'distro-consensus'] },
      ])
      .meta({
        description: 'All of these must hold before a fix is applied ahead of upstream.',
        examples: [[{ 'upstream-release': 'none' }]],
      }),
    approvals: approvals.default(2).meta({ description: 'How many people approve.', examples: [2] }),
    'review-every': duration()
      .prefault('30d')
      .meta({ description: 'How often a person looks again until upstream has released it.', examples: ['30d'] }),
  })
    .prefault({})
    .meta({ description: 'When a fix is applied before upstream has released it.', examples: [{ approvals: 2 }] }),
  compatibility: object({
    refuse: z
      .array(z.enum(compatibilityBreaks))
      .default([...defaultPolicy.compatibility.refuse])
      .meta({
        description:
          'Changes against the image before that stop an image from being published. The others are told and let through.',
        examples: [['soname-removed']],
      }),
  })
    .prefault({})
    .meta({ description: 'What may not change within a line.', examples: [{ refuse: ['soname-removed'] }] }),
});
