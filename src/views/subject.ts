import type { FailureCode } from '../core/failure.ts';
import { failureCodes } from '../core/failure.ts';
import { type Shown, shownAs } from './shown.ts';

/** What an id given to `explain` stands for, told by its form alone. */
export type Subject =
  | { readonly kind: 'code'; readonly code: FailureCode }
  | { readonly kind: 'digest'; readonly digest: string }
  | { readonly kind: 'obligation'; readonly id: string }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'row'; readonly vulnerability: string; readonly line: string }
  | { readonly kind: 'fact'; readonly seq: number }
  | { readonly kind: 'figure'; readonly figure: Figure; readonly asked: string }
  | { readonly kind: 'upstream'; readonly purl: string }
  | { readonly kind: 'vulnerability'; readonly id: string };

/** A number as it stands on a board or report: what was met of what was due, or how many have a standing. */
export type Figure = 'kept' | Shown;

/** Obligation ids are 64 hex digits; a line has a colon, as in `nginx:1.28`; all else is taken for a vulnerability. */
export function subjectOf(id: string): Subject {
  const text = id.trim();
  const code = text.toUpperCase();
  if (isCode(code)) return { kind: 'code', code };
  if (/^sha256:[0-9a-f]{1,64}$/.test(text)) return { kind: 'digest', digest: text };
  if (/^[0-9a-f]{64}$/.test(text)) return { kind: 'obligation', id: text };
  const fact = /^(?:#|fact )?(\d{1,15})$/.exec(text)?.[1];
  if (fact !== undefined) return { kind: 'fact', seq: Number(fact) };
  const figure = figureOf(text);
  if (figure !== undefined) return { kind: 'figure', figure, asked: text };
  if (text.startsWith('pkg:')) return { kind: 'upstream', purl: text };
  const [, vulnerability, line] = /^(\S+)(?: in)? (\S+:\S+)$/.exec(text) ?? [];
  if (vulnerability !== undefined && line !== undefined) return { kind: 'row', vulnerability, line };
  if (/^[a-z0-9][a-z0-9._/-]*:[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(text)) return { kind: 'line', line: text };
  return { kind: 'vulnerability', id: text };
}

/** "412 of 413", "99.8 %", "12 waiting", "1 at risk"; a word alone will do. */
function figureOf(text: string): Figure | undefined {
  if (/^\d+ of \d+( met)?$/.test(text) || /^\d+([.,]\d+)? ?%$/.test(text)) return 'kept';
  const word = text.replace(/^\d+ /, '').replaceAll(' ', '-').toLowerCase();
  return Object.hasOwn(shownAs, word) ? (word as Shown) : undefined;
}

function isCode(text: string): text is FailureCode {
  return Object.hasOwn(failureCodes, text);
}
