import { numberKey, textKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Order of rpm versions, `[epoch:]version[-release]`: runs of letters and of digits in turn, whatever separates them;
 * `~` before the end, `^` after it, numbers above letters (rpm-version(7)). A missing epoch is 0; a version without
 * release is lower than the same one with any.
 */
export const rpmOrder: VersionOrder = {
  place: (version) => {
    const { epoch, upstream, release } = splitRpm(version);
    const releaseKey = release === undefined ? '\x01' : `\x02${partKey(release)}`;
    return { key: partKey(epoch) + partKey(upstream) + releaseKey, isValid: VALID.test(version.trim()) };
  },
  isPrerelease: (version) => /~(?:alpha|beta|rc|pre|dev|a[0-9]|b[0-9])/i.test(splitRpm(version).upstream),
};

const VALID = /^(?:[0-9]+:)?[0-9A-Za-z.+_~^]+(?:-[0-9A-Za-z.+_~^]+)?$/;

function splitRpm(version: string): { epoch: string; upstream: string; release: string | undefined } {
  const text = version.trim();
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon <= 0 ? '0' : text.slice(0, colon),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? undefined : rest.slice(dash + 1),
  };
}

const TAG = { tilde: '\x01', end: '\x02', caret: '\x03', letters: '\x04', number: '\x05' } as const;

function partKey(part: string): string {
  return (part.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? []).map(runKey).join('') + TAG.end;
}

function runKey(run: string): string {
  if (run === '~') return TAG.tilde;
  if (run === '^') return TAG.caret;
  return /^[0-9]/.test(run) ? TAG.number + numberKey(run) : TAG.letters + textKey(run);
}
