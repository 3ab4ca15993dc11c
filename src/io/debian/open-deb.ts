import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { type DebPackage, readDeb } from '../../formats/deb/read-deb.ts';
import { runBounded } from '../process/run-bounded.ts';

/** How far the two archives of a .deb may grow when they are unpacked. */
export interface DebBounds {
  readonly controlBytesMax: number;
  readonly dataBytesMax: number;
}

const BOUNDS: DebBounds = { controlBytesMax: 64 * 1024 ** 2, dataBytesMax: 2 * 1024 ** 3 };
const UNPACK_SECONDS_MAX = 300;

/**
 * Takes a .deb apart. Its members may be packed by xz, which Node does not know, so dpkg-deb, which every Debian has,
 * unpacks them; what they hold is read here. E0404 for what is no deb, E0205 for what grows beyond its bound.
 */
export function openDeb(bytes: Uint8Array, archive: string, bounds = BOUNDS): Promise<DebPackage> {
  return inScratch(async (folder) => {
    const path = join(folder, 'package.deb');
    await writeFile(path, bytes);
    return opened(path, folder, { archive, bounds });
  });
}

/** The same for a file that is there already. */
export function openDebFile(path: string, archive: string): Promise<DebPackage> {
  return inScratch((folder) => opened(path, folder, { archive, bounds: BOUNDS }));
}

async function inScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-deb-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Through files: dpkg-deb writes in small pieces, and as many reads of a pipe take three times as long as the unpacking
 * itself. The bounds are the kernel's (ulimit in POSIX sh, in blocks of 512 bytes).
 */
const UNPACK = `
(ulimit -f "$3"; exec dpkg-deb --ctrl-tarfile "$1" >"$2/control.tar") || exit
ulimit -f "$4"; exec dpkg-deb --fsys-tarfile "$1" >"$2/data.tar"`;

async function opened(
  path: string,
  folder: string,
  { archive, bounds }: { readonly archive: string; readonly bounds: DebBounds },
): Promise<DebPackage> {
  const blocks = [bounds.controlBytesMax, bounds.dataBytesMax].map((bytes) => String(Math.ceil(bytes / 512)));
  const { exitCode, stderr } = await runBounded({
    command: ['sh', '-c', UNPACK, 'unpack', path, folder, ...blocks],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', DPKG_DEB_THREADS_MAX: '1' },
    timeoutSeconds: UNPACK_SECONDS_MAX,
    outputBytesMax: 65_536,
    onOverflow: 'tail',
  }).catch(cannotStart);
  if (exitCode === COMMAND_NOT_FOUND) cannotStart();
  const [control, data] = await Promise.all(['control.tar', 'data.tar'].map((name) => bytesOf(join(folder, name))));
  refuseGrown(control, bounds.controlBytesMax, archive);
  refuseGrown(data, bounds.dataBytesMax, archive);
  if (exitCode === 0 && control !== undefined && data !== undefined) return readDeb({ control, data }, { archive });
  const said = new TextDecoder().decode(stderr).trim().split('\n').at(-1) ?? '';
  throw new Failure('E0404', `${archive} is not a deb that can be unpacked`, {
    at: archive,
    why: said.slice(0, 300),
    kept: 'nothing of it was used',
  });
}

/** Of a shell (POSIX sh, "Exit Status for Commands"). */
const COMMAND_NOT_FOUND = 127;

function cannotStart(cause?: unknown): never {
  throw new Failure('E0403', 'dpkg-deb cannot be started, and nothing else here opens a deb', {
    cause,
    hint: 'apt-get install dpkg',
  });
}

function bytesOf(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch(() => undefined);
}

/** What reached its bound was cut off there. */
function refuseGrown(bytes: Uint8Array | undefined, bytesMax: number, archive: string): void {
  if (bytes === undefined || bytes.length < bytesMax) return;
  throw new Failure('E0205', `${archive} unpacks to more than ${bytesMax} bytes`, { at: archive });
}
