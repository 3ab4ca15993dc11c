import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** An archive in Debian's layout with a key of its own, in a folder that goes away with the test. */
export interface SignedArchive {
  readonly folder: string;
  readonly keyring: string;
  /** Writes a file of the archive. */
  readonly put: (path: string, content: string) => void;
  /** Writes `dists/SUITE` for the packages and sources, signed unless told otherwise. */
  readonly publish: (suite: string, content: ArchiveContent) => void;
}

export interface ArchiveContent {
  readonly packages: string;
  readonly sources: string;
  /** More lines of the Release. */
  readonly release?: readonly string[];
  readonly signed?: boolean;
}

/** Needs `gpg`; makes a key (a tenth of a second). */
export function signedArchive(t: TestContext, gpg: string): SignedArchive {
  const scratch = mkdtempSync(join(tmpdir(), 'suture-archive-'));
  const home = join(scratch, 'gnupg');
  t.after(() => {
    execFileSync(join(dirname(gpg), 'gpgconf'), ['--homedir', home, '--kill', 'all']); // its agent stays otherwise
    // The agent removes its sockets meanwhile, which ends a removal early.
    for (let tries = 0; tries < 10 && existsSync(scratch); tries += 1)
      rmSync(scratch, { recursive: true, force: true });
  });
  chmodSync(scratch, 0o755); // other users read it too
  mkdirSync(home, { mode: 0o700 });
  const run = (args: readonly string[], input = '') =>
    execFileSync(gpg, ['--homedir', home, '--batch', '--quiet', ...args], { input });
  run(['--passphrase', '', '--quick-gen-key', 'Made Up <made-up@example.org>', 'ed25519', 'sign', 'never']);
  const keyring = join(scratch, 'keyring.gpg');
  writeFileSync(keyring, run(['--export']));
  const folder = join(scratch, 'archive');
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  return {
    folder,
    keyring,
    put,
    publish: (suite, content) => {
      const files = {
        'main/binary-amd64/Packages': content.packages,
        'main/binary-arm64/Packages': content.packages,
        'main/source/Sources': content.sources,
      };
      for (const [path, text] of Object.entries(files)) put(`dists/${suite}/${path}`, text);
      const release = releaseText(suite, files, content.release ?? []);
      const signed = content.signed ?? true;
      put(
        `dists/${suite}/${signed ? 'InRelease' : 'Release'}`,
        signed ? String(run(['--clearsign'], release)) : release,
      );
    },
  };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function releaseText(suite: string, files: Readonly<Record<string, string>>, more: readonly string[]): string {
  const lines = [
    'Origin: Debian',
    'Label: Debian',
    `Suite: ${suite}`,
    `Codename: ${suite}`,
    'Date: Sat, 01 Aug 2026 00:00:00 UTC',
    'Architectures: amd64 arm64',
    'Components: main',
    ...more,
    'SHA256:',
    ...Object.entries(files).map(([path, text]) => ` ${sha256(text)} ${Buffer.byteLength(text)} ${path}`),
  ];
  return `${lines.join('\n')}\n`;
}
