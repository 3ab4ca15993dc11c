import type { FailureCode } from '../core/failure.ts';
import { failureCodes } from '../core/failure.ts';

/** What an id given to `explain` stands for, told by its form alone. */
export type Subject =
  | { readonly kind: 'code'; readonly code: FailureCode }
  | { readonly kind: 'digest'; readonly digest: string }
  | { readonly kind: 'obligation'; readonly id: string }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'vulnerability'; readonly id: string };

/** Obligation ids are 64 hex digits; a line has a colon, as in `nginx:1.28`; all else is taken for a vulnerability. */
export function subjectOf(id: string): Subject {
  const text = id.trim();
  const code = text.toUpperCase();
  if (isCode(code)) return { kind: 'code', code };
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return { kind: 'digest', digest: text };
  if (/^[0-9a-f]{64}$/.test(text)) return { kind: 'obligation', id: text };
  if (/^[a-z0-9][a-z0-9._/-]*:[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(text)) return { kind: 'line', line: text };
  return { kind: 'vulnerability', id: text };
}

function isCode(text: string): text is FailureCode {
  return Object.hasOwn(failureCodes, text);
}
