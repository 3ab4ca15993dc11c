import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One commit of the made-up project: the whole tree that it leaves. */
export interface HelloCommit {
  readonly branch: string;
  /** Tag that a new branch starts at. */
  readonly from?: string;
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
  readonly at: Temporal.Instant;
  readonly tag?: string;
}

export interface UpstreamMoment {
  readonly at: Temporal.Instant;
  readonly happens:
    | { readonly kind: 'release'; readonly version: string }
    | { readonly kind: 'merged-fix'; readonly vulnerability: string };
}

export const helloAuthor = { name: 'Ada Hello', email: 'ada@hello.example' };

/**
 * What the upstream project does at the given moments. Development goes on on `main`; releases after the first come from
 * the branch `1.0` and hold nothing but the fix of the overflow, as a maintained stream would. Only moments that are
 * given have happened: the list may grow from call to call, and equal moments make equal commits.
 */
export function helloHistory(moments: readonly UpstreamMoment[]): readonly HelloCommit[] {
  const commits: HelloCommit[] = [];
  for (const { at, happens } of moments) {
    const isFirst = commits.length === 0;
    if (happens.kind === 'merged-fix') {
      commits.push({
        branch: 'main',
        files: tree('1.0.0', withoutControls(program())),
        message: `Print a question mark for control characters\n\nFixes ${happens.vulnerability}.\n`,
        at,
      });
    } else if (isFirst) {
      const message = `hello ${happens.version}\n`;
      commits.push({
        branch: 'main',
        files: tree(happens.version, program()),
        message,
        at,
        tag: `v${happens.version}`,
      });
    } else {
      commits.push({
        branch: '1.0',
        ...(commits.some((commit) => commit.branch === '1.0') ? {} : { from: firstTag(commits) }),
        files: tree(happens.version, bounded(program())),
        message: `hello ${happens.version}\n\nA name longer than its buffer is cut; it used to run over what follows in memory.\n`,
        at,
        tag: `v${happens.version}`,
      });
    }
  }
  return commits;
}

/** Makes the project's repository, or adds what happened since; `write` is the git of this machine. */
export async function makeUpstreamRepository(
  folder: string,
  moments: readonly UpstreamMoment[],
  write: (folder: string, author: typeof helloAuthor, commits: readonly HelloCommit[]) => Promise<void>,
): Promise<void> {
  await write(folder, helloAuthor, helloHistory(moments));
}

function firstTag(commits: readonly HelloCommit[]): string {
  return commits[0]?.tag ?? '';
}

function tree(version: string, asm: string): ReadonlyMap<string, string> {
  return new Map([
    ['README', file('README')],
    ['VERSION', `${version}\n`],
    ['build.mjs', file('build.mjs')],
    ['hello.asm', asm],
  ]);
}

function program(): string {
  return file('hello.asm');
}

function bounded(asm: string): string {
  return insertAfter(asm, 'jump-if-end print', 'jump-if-full print      ; a longer name is cut here');
}

function withoutControls(asm: string): string {
  return insertAfter(asm, 'jump-if-end print', 'replace-control         ; below space becomes "?"');
}

function insertAfter(asm: string, line: string, added: string): string {
  return asm.replace(`        ${line}\n`, `        ${line}\n        ${added}\n`);
}

function file(name: string): string {
  return readFileSync(join(import.meta.dirname, 'files', name), 'utf8');
}
