/**
 * What a package says of its licence, where it looks like an SPDX licence expression (SPDX 2.3 annex D); null for
 * anything else. Names are not checked against the list of licences.
 */
export function licenseExpression(text: string): string | null {
  const words = text.replace(/[()]/g, ' ').trim().split(/\s+/);
  const plausible =
    words.length % 2 === 1 &&
    words.every((word, index) => (index % 2 === 0 ? LICENSE.test(word) : /^(?:AND|OR|WITH)$/.test(word)));
  return plausible ? text.trim() : null;
}

const LICENSE = /^(?:LicenseRef-)?[A-Za-z0-9][A-Za-z0-9.-]{0,99}\+?$/;
