import { Failure } from '../../core/failure.ts';
import { parseStanza } from './control-file.ts';
import { shown } from './policy-words.ts';
import type { Stanza } from './control-file.ts';

/** What a suite says about itself in its Release file. */
export interface ReleaseFile {
  /** Empty where it does not say. */
  readonly origin: string;
  /** `oldstable`, `oldstable-security`. */
  readonly suite: string;
  /** `bookworm`, `bookworm-security`. */
  readonly codename: string;
  /** Of the point release: `12.15`. */
  readonly version: string | null;
  readonly date: Temporal.Instant;
  readonly validUntil: Temporal.Instant | null;
}

const RELEASE_BYTES_MAX = 16 * 2 ** 20;

/**
 * Reads a Release file, or an InRelease file's signed part. The signature is not judged here: apt has done that before it
 * keeps the file. E0404 for text outside of the signed part, without a name, or without a date.
 */
export function parseRelease(bytes: Uint8Array, at: string): ReleaseFile {
  if (bytes.length > RELEASE_BYTES_MAX) {
    throw new Failure('E0205', `The release file ${at} is larger than ${RELEASE_BYTES_MAX} bytes`, { at });
  }
  const stanza = parseStanza(signedText(new TextDecoder().decode(bytes), at), at);
  const suite = stanza.get('suite') ?? '';
  const codename = stanza.get('codename') ?? '';
  if (suite === '' && codename === '') {
    throw new Failure('E0404', `The release file ${at} names neither suite nor codename`, { at });
  }
  const date = instantOf(stanza, 'date', at);
  if (date === null) throw new Failure('E0404', `The release file ${at} does not state its date`, { at });
  return {
    origin: stanza.get('origin') ?? '',
    suite: suite === '' ? codename : suite,
    codename: codename === '' ? suite : codename,
    version: stanza.get('version') ?? null,
    date,
    validUntil: instantOf(stanza, 'valid-until', at),
  };
}

const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----';
const END = '-----END PGP SIGNATURE-----';

/** The text within a clear-signed message (RFC 9580 section 7), or all of it where there is none. */
function signedText(text: string, at: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const marks = [BEGIN, SIGNATURE, END].map((mark) => lines.indexOf(mark));
  if (marks.every((mark) => mark < 0)) return text;
  const [begin = -1, signature = -1, end = -1] = marks;
  const headEnd = lines.indexOf('', begin);
  const isWhole = begin === 0 && headEnd > begin && headEnd < signature && signature < end;
  // Something before, behind or between would be read by us and signed by nobody.
  if (!isWhole || lines.slice(end + 1).some((line) => line !== '') || lines.lastIndexOf(BEGIN) > 0) {
    throw new Failure('E0404', `The release file ${at} has text outside of its one signed part`, { at });
  }
  return lines
    .slice(headEnd + 1, signature)
    .map((line) => (line.startsWith('- ') ? line.slice(2) : line))
    .join('\n');
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sat, 11 Jul 2026 09:59:47 UTC`: RFC 5322 in universal time, one-digit days and hours too, as apt reads it. */
function instantOf(stanza: Stanza, field: string, at: string): Temporal.Instant | null {
  const text = stanza.get(field);
  if (text === undefined) return null;
  const match =
    /^(?:[A-Z][a-z]{2}, )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{1,2}):([0-9]{2}):([0-9]{2}) (?:UTC|GMT|Z|[+-]0000)$/.exec(
      text,
    );
  const month = months.indexOf(match?.[2] ?? '') + 1;
  const two = (part: string | number | undefined) => String(part).padStart(2, '0');
  try {
    if (match === null || month === 0) throw new RangeError('not in the form of RFC 5322');
    const [, day, , year, hours, minutes, seconds] = match;
    return Temporal.Instant.from(`${year}-${two(month)}-${two(day)}T${two(hours)}:${minutes}:${seconds}Z`);
  } catch (cause) {
    throw new Failure('E0404', `The release file ${at} states ${shown(text)} as its ${field}`, { at, cause });
  }
}
