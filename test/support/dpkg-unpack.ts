import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readAr, writeAr } from '../../src/formats/deb/ar.ts';
import { writeGnuTar } from '../../src/formats/deb/gnu-tar.ts';
import { readTar } from '../../src/formats/tar/read-tar.ts';

/** Folders that are links on a system with merged /usr, as debootstrap makes them. */
export const mergedLinks: readonly string[] = ['bin', 'lib', 'lib32', 'lib64', 'libx32', 'sbin'];

/**
 * Has dpkg itself unpack packages, in their order, into an empty system below `root`; needs to be root. What it is given
 * are the packages without their maintainer scripts: their data is the same to the byte, and nothing of them can run.
 * What would need a script (a diversion, an account) is not there for the same reason.
 */
export function dpkgUnpack(debs: readonly string[], root: string): void {
  for (const name of mergedLinks) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
  for (const path of ['info', 'updates', 'triggers']) mkdirSync(join(root, 'var/lib/dpkg', path), { recursive: true });
  for (const name of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', name), '');
  const scriptless = join(root, '.scriptless');
  mkdirSync(scriptless);
  const files = debs.map((deb) => withoutScripts(deb, scriptless));
  const run = spawnSync('dpkg', [...options(root), '--unpack', ...files], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  rmSync(scriptless, { recursive: true });
  assert.equal(run.status, 0, `dpkg --unpack: ${run.stderr.slice(-2000)}`);
}

function options(root: string): readonly string[] {
  return [
    `--root=${root}`,
    '--log=/dev/null',
    '--no-triggers',
    // A container's own settings may leave out documentation.
    '--path-include=/*',
    // Nothing is configured, so nothing that must come first ever is; a file of two packages stays an error.
    '--force-depends,unsafe-io,bad-path',
  ];
}

const SCRIPTS: ReadonlySet<string> = new Set(['preinst', 'postinst', 'prerm', 'postrm', 'config']);

function withoutScripts(deb: string, folder: string): string {
  const control = execFileSync('dpkg-deb', ['--ctrl-tarfile', deb], { maxBuffer: 2 ** 26 });
  const kept = readTar(control, { archive: basename(deb) }).filter(({ path }) => !SCRIPTS.has(path));
  const members = readAr(readFileSync(deb), deb).map(({ name, bytes }) =>
    name.startsWith('control.tar') ? { name: 'control.tar', bytes: writeGnuTar(kept) } : { name, bytes },
  );
  const path = join(folder, basename(deb));
  writeFileSync(path, writeAr(members, 0));
  return path;
}
