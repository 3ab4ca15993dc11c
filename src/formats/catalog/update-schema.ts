import { z } from 'zod';
import { object } from './schema-parts.ts';

const REGEX_LENGTH_MAX = 200;

const tagFilter = {
  'strip-prefix': z
    .string()
    .max(REGEX_LENGTH_MAX)
    .default('')
    .meta({ description: 'What tags start with before the version.', examples: ['v'] }),
  'tag-filter-prefix': z
    .string()
    .max(REGEX_LENGTH_MAX)
    .default('')
    .meta({ description: 'Only tags that start with this belong to the stream.', examples: ['v1.0.'] }),
};

/** The block `update` of a recipe: which tags of its repository are releases of its stream. */
export const updateSchema = object(
  {
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether releases of this stream are taken.', examples: [true] }),
    git: object(tagFilter, ['strip-suffix', 'tag-filter-contains'])
      .optional()
      .meta({
        description:
          'Releases are tags of the repository that is checked out. Absent: every tag counts, or `github` is used.',
        examples: [{ 'strip-prefix': 'v', 'tag-filter-prefix': 'v1.0.' }],
      }),
    github: object(
      {
        identifier: z
          .string()
          .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, { error: 'is not owner/repository' })
          .meta({ description: 'Owner and repository, the same that is checked out.', examples: ['acme/hello'] }),
        'use-tag': z
          .literal(true, { error: 'must be true: only tags are read, reading releases is not supported yet' })
          .meta({ description: 'Releases are tags; the only way so far.', examples: [true] }),
        ...tagFilter,
      },
      ['strip-suffix', 'tag-filter-contains', 'tag-filter'],
    )
      .optional()
      .meta({
        description: 'The same, for recipes that say it this way. Absent: `git` is used.',
        examples: [{ identifier: 'acme/hello', 'use-tag': true, 'strip-prefix': 'v' }],
      }),
    debian: object({
      'version-filter-prefix': z
        .string()
        .max(REGEX_LENGTH_MAX)
        .default('')
        .meta({ description: 'Only upstream versions that start with this belong to the stream.', examples: ['1.0.'] }),
    })
      .optional()
      .meta({
        description:
          'Releases are the upstream versions in the suites that the sources are fetched from. Absent: all of them count.',
        examples: [{ 'version-filter-prefix': '1.0.' }],
      }),
    'ignore-regex-patterns': z
      .array(z.string().max(REGEX_LENGTH_MAX, { error: `is longer than ${REGEX_LENGTH_MAX} characters` }))
      .max(100)
      .default([])
      .meta({ description: 'Regular expressions of versions that are never taken.', examples: [['rc\\d*$']] }),
  },
  [
    'manual',
    'require-sequential',
    'shared',
    'version-separator',
    'version-transform',
    'exclude-reason',
    'schedule',
    'enable-prerelease-tags',
    'release-monitor',
    'oci',
    'version_data',
  ],
).superRefine((value, context) => {
  const [first, second] = (['git', 'github', 'debian'] as const).filter((key) => value[key] !== undefined);
  if (second !== undefined) {
    context.addIssue({
      code: 'custom',
      path: [second],
      message: `cannot stand beside \`${first}\`: releases come from one place`,
    });
  }
});
