import { z } from 'zod';
import { looseText, object } from './schema-parts.ts';

const words = (most: number, description: string, example: string) =>
  z
    .string()
    .trim()
    .min(1, { error: 'is empty' })
    .max(most)
    .meta({ description, examples: [example] });

const exception = () =>
  object({
    vulnerability: words(200, 'Any id of the vulnerability.', 'CVE-2026-1234'),
    line: words(200, 'The image line that it is about.', 'hello:1'),
    approver: words(200, 'Who agreed: a person, who can be asked.', 'Ada Lovelace, security'),
    reason: words(1000, 'Why. It is shown wherever the row is.', 'not reachable here; replaced in the October release'),
    granted: looseText().meta({
      description: 'The day on which it was agreed. It is never in force before it is seen.',
      examples: ['2026-08-01'],
    }),
    until: looseText().meta({
      description: 'Its last day, at most 90 days after `granted`. The deadline stays what it was.',
      examples: ['2026-09-30'],
    }),
  });

/** `exceptions.yaml`: what was agreed about single deadlines. */
export const exceptionsSchema = object({
  waivers: z
    .array(exception())
    .max(1000)
    .default([])
    .meta({
      description: 'Agreed exclusions: outside the percentage while they last, listed above it.',
      examples: [[]],
    }),
  holds: z
    .array(exception())
    .max(1000)
    .default([])
    .meta({ description: 'Remarks on work that is held back: shown, and no figure changes.', examples: [[]] }),
});
