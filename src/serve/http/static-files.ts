import { readFileSync } from 'node:fs';

/** What every page asks for besides itself. */
export const STYLE = readFileSync(new URL('style.css', import.meta.url), 'utf8');

export const MARK = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M2 16h28" stroke="#8a5a44" stroke-width="2"/><path d="m6 22 4-12M14 22l4-12M22 22l4-12" stroke="#8a5a44" stroke-width="3" stroke-linecap="round"/></svg>`;

/** No script at all, nothing from elsewhere, no frame around it; `style-src 'self'` allows the one style file. */
export const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
} as const;
