/**
 * The two orders that know many words, Maven's and the one for upstreams without a scheme, once more as comparisons of
 * two versions, to judge the keys by.
 */
export function byMaven(a: string, b: string): number {
  const [one, other] = [mavenParts(a), mavenParts(b)];
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const sides = sideOfEnd(one, at) - sideOfEnd(other, at);
    if (sides !== 0) return Math.sign(sides);
    const [x = '', y = ''] = [one[at], other[at]];
    const found = rankOfPart(x) - rankOfPart(y) || byContent(x.slice(1), y.slice(1));
    if (found !== 0) return Math.sign(found);
  }
  return 0;
}

const PRE = ['alpha', 'beta', 'milestone', 'rc', 'snapshot'];

/** `.1`, `-rc`, …, with a separator in front of each, without the nulls that do not count. */
function mavenParts(version: string): readonly string[] {
  let text = `.${version.toLowerCase()}`
    .replace(/([.-])a(?=[0-9])|(?<=[0-9])a(?=[0-9])/g, '$1alpha')
    .replace(/([.-])b(?=[0-9])|(?<=[0-9])b(?=[0-9])/g, '$1beta')
    .replace(/([.-])m(?=[0-9])|(?<=[0-9])m(?=[0-9])/g, '$1milestone')
    .replace(/(?<=[0-9])(?=[^0-9.-])|(?<=[^0-9.-])(?=[0-9])/g, '-')
    .replace(/(?<=[.-])(?=[.-])/g, '0')
    .replace(/[.-]$/, '')
    .replace(/(?<=[.-])0*(?=[0-9])/g, '')
    .replace(/(?<=[.-])(?:ga|final|release)(?=[.-]|$)/g, '0')
    .replace(/(?<=[.-])cr(?=[.-]|$)/g, 'rc');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/[.-]0(?=-|$)/, '');
  }
  return text.match(/[.-][^.-]*/g) ?? [];
}

/** Whether what stands from here on is below the end, above it, or the end itself. */
function sideOfEnd(parts: readonly string[], at: number): number {
  const first = parts.slice(at).find((part) => part.slice(1) !== '0');
  if (first === undefined) return 0;
  return PRE.includes(first.slice(1)) ? -1 : 1;
}

const RANKS = [/^\.pre/, /^-pre/, /^\.word/, /^-word/, /^-0/, /^-number/, /^\.0/, /^\.number/];

function rankOfPart(part: string): number {
  const content = part.slice(1);
  const kind = /^[0-9]/.test(content) ? (content === '0' ? '0' : 'number') : PRE.includes(content) ? 'pre' : 'word';
  return RANKS.findIndex((rank) => rank.test(part.slice(0, 1) + kind));
}

function byContent(a: string, b: string): number {
  if (/^[0-9]/.test(a)) return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
  const [x, y] = [weightOfWord(a), weightOfWord(b)];
  return x - y || (x < PRE.length + 1 ? 0 : a < b ? -1 : a > b ? 1 : 0);
}

function weightOfWord(word: string): number {
  const pre = PRE.indexOf(word);
  return pre >= 0 ? pre : word === 'sp' ? PRE.length : PRE.length + 1;
}

/** Runs of digits and letters; the end lies between the words of pre-releases and all others. */
export function byGeneric(a: string, b: string): number {
  const [one, other] = [genericRuns(a), genericRuns(b)];
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const [x, y] = [one[at], other[at]];
    const found = kindOf(x) - kindOf(y) || byRun(x ?? '', y ?? '');
    if (found !== 0) return Math.sign(found);
  }
  return 0;
}

const WORDS =
  'dev=0 devel=0 snapshot=0 nightly=0 canary=0 alpha=1 beta=2 milestone=3 pre=4 preview=4 rc=5 cr=5 candidate=5';
const PRE_RANKS = new Map(WORDS.split(' ').map((each) => each.split('=') as [string, string]));
const LETTER_RANKS = new Map('a1 b2 m3 c5'.split(' ').map((each) => [each[0] ?? '', each[1] ?? '']));

/** `pre:2`, `word:k`, or digits without zeros in front; zeros before a word and at the end are left out. */
function genericRuns(version: string): readonly string[] {
  const all =
    version
      .toLowerCase()
      .replace(/^v(?=[0-9])/, '')
      .match(/[0-9]+|[a-z]+/g) ?? [];
  const named = all.flatMap((run, at) => {
    if (/^[0-9]/.test(run)) return [run.replace(/^0+/, '')];
    if (['final', 'ga', 'release', 'stable'].includes(run)) return [];
    const between = /^[0-9]/.test(all[0] ?? '') && /^[0-9]/.test(all[at + 1] ?? '');
    const rank = PRE_RANKS.get(run) ?? (between ? LETTER_RANKS.get(run) : undefined);
    return [rank === undefined ? `word:${run}` : `pre:${rank}`];
  });
  return named.filter((run, at) => {
    const next = named.slice(at).find((each) => each !== '');
    return run !== '' || (next !== undefined && /^[0-9]/.test(next));
  });
}

function kindOf(run: string | undefined): number {
  if (run === undefined) return 1;
  if (run.startsWith('pre:')) return 0;
  return run.startsWith('word:') ? 2 : 3;
}

function byRun(a: string, b: string): number {
  const digits = /^[0-9]*$/.test(a) ? a.length - b.length : 0;
  return digits || (a < b ? -1 : a > b ? 1 : 0);
}
