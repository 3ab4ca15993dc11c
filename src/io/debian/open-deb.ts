import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { type DebPackage, readDeb } from '../../formats/deb/read-deb.ts';
import { runBounded } from '../process/run-bounded.ts';

const CONTROL_BYTES_MAX = 64 * 1024 ** 2;
const DATA_BYTES_MAX = 2 * 1024 ** 3;
const UNPACK_SECONDS_MAX = 300;

/**
 * Takes a .deb apart. Its members may be packed by xz, which Node does not know, so dpkg-deb, which every Debian has,
 * unpacks them; what they hold is read here. E0404 for what is no deb, E0205 for what grows beyond its bound.
 */
export async function openDeb(bytes: Uint8Array, archive: string): Promise<DebPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-deb-'));
  try {
    const path = join(folder, 'package.deb');
    await writeFile(path, bytes);
    return await openDebFile(path, archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same for a file that is there already. */
export async function openDebFile(path: string, archive: string): Promise<DebPackage> {
  const [control, data] = await Promise.all([
    member(path, { option: '--ctrl-tarfile', archive, bytesMax: CONTROL_BYTES_MAX }),
    member(path, { option: '--fsys-tarfile', archive, bytesMax: DATA_BYTES_MAX }),
  ]);
  return readDeb({ control, data }, { archive });
}

async function member(
  path: string,
  { option, archive, bytesMax }: { readonly option: string; readonly archive: string; readonly bytesMax: number },
): Promise<Uint8Array> {
  const run = await runBounded({
    command: ['dpkg-deb', option, path],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', DPKG_DEB_THREADS_MAX: '1' },
    timeoutSeconds: UNPACK_SECONDS_MAX,
    outputBytesMax: bytesMax,
    onOverflow: 'kill',
  }).catch((cause: unknown) => {
    throw new Failure('E0403', 'dpkg-deb cannot be started, and nothing else here opens a deb', {
      cause,
      hint: 'apt-get install dpkg',
    });
  });
  if (run.killedBy === 'output')
    throw new Failure('E0205', `${archive} unpacks to more than ${bytesMax} bytes`, { at: archive });
  if (run.exitCode === 0) return run.stdout;
  const said = new TextDecoder().decode(run.stderr).trim().split('\n').at(-1) ?? '';
  throw new Failure('E0404', `${archive} is not a deb that can be unpacked`, {
    at: archive,
    why: said.slice(0, 300),
    kept: 'nothing of it was used',
  });
}
