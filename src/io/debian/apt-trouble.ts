/** What apt complained about. */
export interface AptTrouble {
  readonly kind: 'absent' | 'mismatch' | 'unsigned' | 'unreachable';
  /** The address or repository it names, as apt writes it; empty where it names none. */
  readonly about: string;
  readonly words: string;
}

/** Reads the complaints of a run: `Err:` lines of its progress, and its last words on stderr. */
export function readTroubles(answer: { readonly stdout: string; readonly stderr: string }): readonly AptTrouble[] {
  return [...progressErrors(withoutPasswords(answer.stdout)), ...lastErrors(withoutPasswords(answer.stderr))];
}

/** The warnings among its last words. */
export function readWarnings(stderr: string): readonly string[] {
  return messages(withoutPasswords(stderr)).flatMap((message) =>
    message.startsWith('W: ') ? [oneLine(message.slice(3))] : [],
  );
}

/** Apt hides them from most of its messages, not from all. */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1');
}

/** `Err:3 URI suite InRelease` and a line with the reason. */
function progressErrors(stdout: string): readonly AptTrouble[] {
  const lines = stdout.split('\n');
  return lines.flatMap((line, index) => {
    const about = /^Err:\d+ (.*)$/.exec(line)?.[1];
    if (about === undefined) return [];
    const words = oneLine(lines[index + 1] ?? '');
    return [{ kind: kindOf(words), about, words }];
  });
}

function lastErrors(stderr: string): readonly AptTrouble[] {
  return messages(stderr).flatMap((message) => {
    const [, about = '', reason] = /^[EW]: Failed to fetch (\S+)\s+([\s\S]*)$/.exec(message) ?? [];
    if (reason !== undefined) return [{ kind: kindOf(reason), about, words: oneLine(reason) }];
    const isTrouble = message.startsWith('E: ') || SIGNATURE.test(message);
    if (!isTrouble || SUMMARY.test(message)) return [];
    const words = oneLine(message.slice(3));
    return [{ kind: kindOf(words), about: words, words }];
  });
}

/** Says only that something failed; the lines before it say what. */
const SUMMARY = /^E: (Download Failed|Some index files failed to download)/;
const SIGNATURE =
  /GPG error|NO_PUBKEY|\bis (not|no longer) signed|signature|Clearsigned file|(EXPKEY|REVKEY|BAD)SIG|OpenPGP/i;

function kindOf(words: string): AptTrouble['kind'] {
  if (/Hash Sum mismatch|has unexpected size|Hashes of/i.test(words)) return 'mismatch';
  if (/^(403|404|410|451)\s|No such file|does not have a Release file/.test(words)) return 'absent';
  return SIGNATURE.test(words) ? 'unsigned' : 'unreachable';
}

/** Messages begin with a letter and a colon; further lines of one are indented. */
function messages(stderr: string): readonly string[] {
  return stderr.split(/\n(?=[EWN]: )/);
}

/** The first line, that is what happened; those after it are lists of hashes. */
function oneLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').trim().slice(0, 500);
}
