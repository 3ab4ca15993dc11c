import { link, mkdir, mkdtemp, readdir, realpath, rename, rm, stat, symlink, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { recordIndexes } from './apt-indexes.ts';
import type { ReleaseWords } from './apt-indexes.ts';
import type { AptPlace } from './apt-place.ts';
import { runApt } from './apt-run.ts';
import type { AptAnswer } from './apt-run.ts';
import { readTroubles, readWarnings } from './apt-trouble.ts';
import type { AptTrouble } from './apt-trouble.ts';

const UPDATE_SECONDS_MAX = 600;
/** The largest index, main's Packages of unstable, has 80 MB. */
const INDEX_BYTES_MAX = 2 * 1024 ** 3;
const NOTES_MAX = 20;

/**
 * Fetches the indexes into a folder of their own, which takes the place of the former ones when all of them are there
 * and verified: an update that fails, or is killed, changes nothing.
 */
export async function updateLists(place: AptPlace, now: Temporal.Instant): Promise<readonly string[]> {
  const fresh = await mkdtemp(join(place.folder, 'lists-'));
  try {
    const current = await realpath(place.lists).catch(() => undefined);
    if (current !== undefined) await linkFiles(current, fresh);
    await mkdir(join(fresh, 'partial'));
    const answer = await runApt({
      program: 'apt-get',
      args: ['-q', '-o', `Dir::State::lists=${fresh}/`, 'update'],
      configFile: place.configFile,
      timeoutSeconds: UPDATE_SECONDS_MAX,
      fileBytesMax: INDEX_BYTES_MAX,
    });
    refuseTrouble(place, answer);
    const releases = await recordIndexes(place, fresh);
    await switchTo(place, fresh, current);
    return [...notesOn(releases, now), ...readWarnings(answer.stderr)].slice(0, NOTES_MAX);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** So that apt asks only for what is new; it replaces files, and never writes into them. */
async function linkFiles(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.isDirectory() || entry.name === 'lock' || entry.name.endsWith('.json')) continue;
    await link(join(from, entry.name), join(to, entry.name));
  }
}

function refuseTrouble(place: AptPlace, answer: AptAnswer): void {
  const troubles = readTroubles(answer);
  // Bytes that are not what was signed weigh more than a place that does not answer.
  const worst =
    troubles.find(({ kind }) => kind === 'unsigned' || kind === 'mismatch') ??
    troubles.find(({ kind, about }) => kind === 'absent' && / (In)?Release$/.test(about)) ??
    troubles[0];
  if (worst !== undefined) throw updateFailed(place, worst);
  if (answer.exitCode !== 0) {
    throw updateFailed(place, {
      kind: 'unreachable',
      about: '',
      words: `apt-get update: exit code ${answer.exitCode}`,
    });
  }
}

function updateFailed(place: AptPlace, { kind, about, words }: AptTrouble): Failure {
  const suite = suiteNamed(place, `${about} ${words}`);
  const detail = { at: about, why: words, kept: 'the indexes stay as they were' };
  switch (kind) {
    case 'unsigned':
      return new Failure('E0301', `The signature of ${suite} does not verify: ${words}`, {
        ...detail,
        hint: 'install debian-archive-keyring, and name its keyring as Signed-By (sources.list(5))',
      });
    case 'mismatch':
      return new Failure('E0301', `An index of ${suite} is not what its Release says: ${words}`, {
        ...detail,
        hint: 'try again: a mirror may be in the middle of its own update',
        retryable: true,
      });
    case 'absent':
      return new Failure(
        'E0203',
        `${/Release\b/.test(about) ? suite : `An index of ${suite}`} does not exist there: ${words}`,
        {
          ...detail,
          retryable: true,
        },
      );
    case 'unreachable':
      return new Failure('E0203', `${suite} cannot be reached: ${words}`, { ...detail, retryable: true });
  }
}

/** The suite that a complaint is about: the longest name in it, so that `bookworm-security` is not `bookworm`. */
function suiteNamed(place: AptPlace, text: string): string {
  const words = text.split(/[\s/'"]+/);
  const found = place.sources
    .filter(({ source }) => source.suites.some((suite) => suite.split('/').every((part) => words.includes(part))))
    .toSorted((a, b) => b.suite.length - a.suite.length);
  return found[0]?.suite ?? place.sources.map(({ suite }) => suite).join(', ');
}

/** One step for all who look: the link points to the former folder or to the new one. */
async function switchTo(place: AptPlace, fresh: string, former: string | undefined): Promise<void> {
  const passing = `${fresh}.link`;
  await symlink(basename(fresh), passing);
  await rename(passing, place.lists);
  const now = Date.now();
  if (former !== undefined) await utimes(former, now / 1000, now / 1000);
  const oldest = now - UPDATE_SECONDS_MAX * 1000;
  for (const name of await readdir(place.folder)) {
    const path = join(place.folder, name);
    if (!name.startsWith('lists-') || path === fresh) continue;
    // Ones that were in use more lately may still be read, or filled by another update.
    const age = await stat(path).catch(() => undefined);
    if (age === undefined || age.mtimeMs < oldest) await rm(path, { recursive: true, force: true });
  }
}

function notesOn(releases: ReadonlyMap<string, ReleaseWords>, now: Temporal.Instant): readonly string[] {
  return [...releases].flatMap(([suite, { origin, validUntil }]) => {
    const until = Date.parse(validUntil);
    const isExpired = until < now.epochMilliseconds; // never for NaN: most suites state no end
    return [
      ...(isExpired ? [`${suite}: its index was valid until ${validUntil}; newer packages may exist`] : []),
      ...(/^Debian\b/.test(origin) ? [] : [`${suite}: its Release names ${origin || 'no origin'}, not Debian`]),
    ];
  });
}
