import { numberKey, textKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Order of Gem::Version (ruby-doc.org, "Gem::Version"): segments of digits and of letters; letters are lower than
 * numbers, and what is missing is 0, so that 1.0.a < 1 = 1.0. A `-` reads `.pre.`. The platform that a gem's full
 * name carries behind its version (`1.16.0-x86_64-linux`) does not count.
 */
export const rubygemsOrder: VersionOrder = {
  place: (version) => {
    const text = withoutPlatform(version.trim());
    return VALID.test(text) ? { key: segmentsKey(segmentsOf(text)), isValid: true } : undefined;
  },
  isPrerelease: (version) => /[a-z]|-/i.test(withoutPlatform(version.trim())),
};

const VALID = /^[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

const PLATFORM =
  /-(?:x86|x86_64|x64|amd64|i[3-6]86|arm|arm64|armv[0-9][0-9a-z]*|aarch64|universal|ppc|powerpc|ppc64le|s390x|riscv64|java|jruby|mswin[0-9]*|mingw[0-9]*)(?=-|$)/;

function withoutPlatform(text: string): string {
  const at = text.search(PLATFORM);
  return at < 0 ? text : text.slice(0, at);
}

type Segment =
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'letters'; readonly text: string }
  | { readonly kind: 'zero' };

function segmentsOf(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let onlyNumbers = true;
  for (const run of text.replaceAll('-', '.pre.').match(/[0-9]+|[A-Za-z]+/g) ?? []) {
    if (/^0+$/.test(run)) segments.push({ kind: 'zero' });
    else if (/^[0-9]/.test(run)) segments.push({ kind: 'number', digits: run });
    else {
      if (onlyNumbers) dropZeros(segments);
      onlyNumbers = false;
      segments.push({ kind: 'letters', text: run });
    }
  }
  dropZeros(segments);
  return segments;
}

function dropZeros(segments: Segment[]): void {
  while (segments.at(-1)?.kind === 'zero') segments.pop();
}

const TAG = {
  letters: '\x01',
  zeroBeforeLetters: '\x02',
  end: '\x03',
  zeroBeforeNumber: '\x04',
  number: '\x05',
} as const;

/** The end is endless zeros; a zero before it is told by what comes after the zeros, which makes it lower or higher. */
function segmentsKey(segments: readonly Segment[]): string {
  let zero: string = TAG.end;
  const keys = segments.toReversed().map((segment) => {
    if (segment.kind === 'zero') return zero;
    zero = segment.kind === 'letters' ? TAG.zeroBeforeLetters : TAG.zeroBeforeNumber;
    return segment.kind === 'letters' ? TAG.letters + textKey(segment.text) : TAG.number + numberKey(segment.digits);
  });
  return keys.toReversed().join('') + TAG.end;
}
