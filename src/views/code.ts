import type { FailureCode } from '../core/failure.ts';
import { failureCodes } from '../core/failure.ts';

/** An error code explained: what it says, what it leaves behind, what to do. */
export interface CodeView {
  readonly code: FailureCode;
  readonly title: string;
  readonly exitCode: number;
  readonly exitMeans: string;
  readonly doNext: string;
}

export function codeView(code: FailureCode): CodeView {
  const { title, exitCode } = failureCodes[code];
  return { code, title, exitCode, exitMeans: exitMeanings[exitCode], doNext: advice[code] };
}

/** The exit codes of the command, frozen (sysexits.h for 64 and above). */
export const exitMeanings = {
  0: 'done, or the answer is yes; nothing to do is 0',
  1: 'a fault in Suture itself',
  2: 'it ran, and the answer is no',
  3: 'stopped: a person must decide',
  64: 'used wrongly: an unknown command, option or name',
  65: 'input data is wrong, or a signature is bad',
  69: 'a source, registry or store is unavailable',
  75: 'a passing trouble: safe to try again',
  77: 'not permitted',
  78: 'the configuration is not valid',
  130: 'cancelled; what was finished is kept',
} as const;

const advice: Readonly<Record<FailureCode, string>> = {
  E0101: 'Correct the place that the message names; `suture config check` reads the whole catalog again.',
  E0102: 'A name is used that nothing declares: add the recipe, or correct the name in the line.',
  E0103: 'Go to a folder with a suture.yaml, name one with --cwd, or make one with `suture init`.',
  E0201: 'The last good copy stays in use. When the feed is reachable again, the next tick reads it.',
  E0202: 'The record is left out and the feed keeps its last good copy. Report it to its publisher.',
  E0203: 'Releases are looked for again at the next tick; a release keeps its own date meanwhile.',
  E0204: 'Nothing is taken from it. Look at the answer that the message names.',
  E0205: 'The bound protects this machine. Check that the address is the one that you mean.',
  E0206: 'Only https and the hosts of the catalog are read; add the host there if it is meant.',
  E0207: 'Bring the feeds up to date and scan again, or allow a greater --max-age.',
  E0301: 'Nothing of it was used. Find out who changed the bytes before you try again.',
  E0302: 'A fact was changed after it was recorded. Compare with a copy: `suture ledger verify` names the row.',
  E0303: 'The key must be readable by this user only; `suture doctor` says which file is looked for.',
  E0401: 'No package or image satisfies the request: the message lists what there is.',
  E0402: 'The published image stays. The log that the message names ends with the failing command.',
  E0403: '`suture doctor` says what the sandbox lacks here and how to allow it.',
  E0404: 'Nothing was unpacked. Take the archive from its owner again.',
  E0405: 'The source changed under its name, or the recipe has a wrong digest: compare before you accept it.',
  E0406: 'The image is not published and the old one stays. The message names the gate and what it saw.',
  E0501: 'Read what is waiting with `suture explain` and decide; everything else goes on meanwhile.',
  E0601: 'Publication is tried again at the next tick; the clock of an obligation runs on.',
  E0602: 'Check the credentials and the repository in the catalog.',
  E0603: 'What was pulled back is not what was pushed: nothing is confirmed. Look for a proxy or cache between.',
  E0701: 'Set the clock of this machine; facts are never recorded earlier than the one before.',
  E0801: 'Ask whoever runs this for the permission that the message names.',
  E0802: 'One daemon works on a store. Stop the other one, or use it.',
  E0803: 'Check that the folder exists, is writable and has room; the ledger is not changed by a failed write.',
  E0804: 'Check the address, and that git can read it as this user.',
  E0901: 'Please report it with the output of the same command under -vv.',
  E0902: '`suture --help` lists the commands, `suture COMMAND --help` its options.',
  E0903: 'Run the same command again: it goes on from what is kept.',
  E0904: 'Correct the input at the place that the message names.',
};
