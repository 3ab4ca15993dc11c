import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { toolPath } from './tool.ts';
import { conformanceTool, type Tool } from './tools-root.ts';

const run = promisify(execFile);
const limits = { timeout: 60_000, maxBuffer: 16 * 1024 ** 2 };

/** Nobody in particular, in every Debian. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** Whose bundle it is: root's, or an ordinary user's, which root becomes by setpriv. */
export type BundleOwner = 'root' | 'user';

/** Copies an image of a registry on this machine into a layout, under the tag `image`. */
export async function pullLayout(
  skopeo: Tool,
  { image, architecture, folder }: { readonly image: string; readonly architecture: string; readonly folder: string },
): Promise<void> {
  const options = ['--insecure-policy', '--override-arch', architecture];
  await skopeo.run([...options, 'copy', '--src-tls-verify=false', `docker://${image}`, `oci:${folder}:image`]);
}

/** An image of this machine's architecture as a folder that container runtimes run; `rootfs` in it is its root. */
export async function unpackedBundle(
  t: TestContext,
  image: string,
  owner: BundleOwner = 'user',
): Promise<string | undefined> {
  const home = mkdtempSync(join(tmpdir(), 'suture-bundle-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const [skopeo, umoci] = [await conformanceTool(t, 'skopeo', [home]), await conformanceTool(t, 'umoci', [home])];
  const through = wordsToBecome(t, owner);
  if (skopeo === undefined || umoci === undefined || through === undefined) return undefined;
  const [layout, bundle] = [join(home, 'layout'), join(home, 'bundle')];
  await pullLayout(skopeo, { image, architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', folder: layout });
  if (through.length > 0) await run('chown', ['-R', `${NOBODY}:${NOBODY}`, home], limits);
  const [program = '', ...rest] = [...through, ...umoci.words];
  const options = owner === 'user' ? ['--rootless'] : [];
  await run(program, [...rest, 'unpack', ...options, '--image', `${layout}:image`, bundle], {
    ...limits,
    env: { ...process.env, HOME: home },
  });
  return bundle;
}

/**
 * What a bundle says when runc runs it. The terminal is taken away, for there is none; and a runtime without root maps a
 * single user, the image's 0.
 */
export async function runWithRunc(
  t: TestContext,
  bundle: string,
  owner: BundleOwner = 'user',
): Promise<string | undefined> {
  const runc = toolPath(t, 'runc');
  const through = wordsToBecome(t, owner);
  if (runc === undefined || through === undefined) return undefined;
  const path = join(bundle, 'config.json');
  const config = JSON.parse(await readFile(path, 'utf8')) as {
    process: { terminal: boolean; user: { uid: number; gid: number } };
    linux: { uidMappings?: unknown };
  };
  config.process.terminal = false;
  if (config.linux.uidMappings !== undefined) config.process.user = { uid: 0, gid: 0 };
  await writeFile(path, JSON.stringify(config));
  const state = mkdtempSync(join(tmpdir(), 'suture-runc-'));
  t.after(() => rmSync(state, { recursive: true, force: true }));
  if (through.length > 0) chownSync(state, NOBODY, NOBODY);
  const words = [...through, runc];
  const { stdout } = await run(
    words[0] ?? runc,
    [...words.slice(1), '--root', state, 'run', '--bundle', bundle, `suture-${process.pid}`],
    {
      ...limits,
      env: { ...process.env, XDG_RUNTIME_DIR: state },
    },
  );
  return stdout;
}

function wordsToBecome(t: TestContext, owner: BundleOwner): readonly string[] | undefined {
  if (owner === 'root') {
    if (isRoot) return [];
    t.skip('skipped: not root');
    return undefined;
  }
  if (!isRoot) return [];
  const setpriv = toolPath(t, 'setpriv');
  return setpriv === undefined ? undefined : [setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
}
