import type { IsolatedCommand } from './bubblewrap.ts';

/** `unshare` could not start the program, because it is not there: everything before that worked. */
export const EXEC_FAILED = 127;

export interface UnsharePlace {
  /** Absolute path of unshare(1). */
  readonly program: string;
  /** An empty folder of ours on the host, where the root is put together. */
  readonly mountPoint: string;
}

/**
 * The command line that isolates with util-linux alone: an outer user namespace mounts, then forbids all but one
 * nested namespace; an inner one changes the root and, on starting a program as an ordinary user, loses all
 * capabilities. The command is process 1 of its own process namespace, so killing it ends everything inside.
 */
export function unshareCommand(place: UnsharePlace, run: IsolatedCommand): readonly string[] {
  const namespaces = '--user --map-root-user --mount --pid --net --ipc --uts --fork --kill-child=KILL'.split(' ');
  return [
    'setpriv',
    '--no-new-privs',
    '--pdeathsig=KILL',
    place.program,
    ...namespaces,
    'sh',
    '-c',
    OUTER_SCRIPT,
    'sandbox',
    run.root,
    place.mountPoint,
    run.rootWritable === true ? 'rw' : 'ro',
    String(run.tmpBytes),
    String(run.mounts.length),
    ...run.mounts.flatMap((mount) => [mount.from, mount.to, mount.writable ? 'rw' : 'ro']),
    ...Object.entries(run.env).map(([name, value]) => `${name}=${value}`),
    place.program,
    '--user',
    `--map-user=${run.user.uid}`,
    `--map-group=${run.user.gid}`,
    `--root=${place.mountPoint}`,
    `--wd=${run.cwd}`,
    '--',
    ...run.command,
  ];
}

/** Arguments arrive as positions, so no text of a recipe is ever read as shell. /proc/sys is covered, as in bubblewrap.ts. */
const OUTER_SCRIPT = `set -eu
root=$1 at=$2 access=$3 size=$4 count=$5
shift 5
hostname build 2>/dev/null || true
mount --bind "$root" "$at"
mount -t tmpfs -o "size=$size,mode=1777" tmpfs "$at/tmp"
mount -t proc -o nosuid,nodev,noexec proc "$at/proc"
echo 1 >/proc/sys/user/max_user_namespaces
for part in bus fs irq sys sysrq-trigger; do
  [ -e "$at/proc/$part" ] || continue
  mount --bind "$at/proc/$part" "$at/proc/$part"
  mount -o remount,bind,ro,nosuid,nodev,noexec "$at/proc/$part"
done
mount -t tmpfs -o size=65536,mode=755 tmpfs "$at/dev"
for device in null zero full random urandom tty; do
  : >"$at/dev/$device"
  mount --bind "/dev/$device" "$at/dev/$device"
done
for link in fd:/proc/self/fd stdin:/proc/self/fd/0 stdout:/proc/self/fd/1 stderr:/proc/self/fd/2; do
  ln -s "\${link#*:}" "$at/dev/\${link%%:*}"
done
mkdir "$at/dev/shm"
mount -t tmpfs -o "size=$size,mode=1777" tmpfs "$at/dev/shm"
while [ "$count" -gt 0 ]; do
  mount --bind "$1" "$at$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$at$2"
  shift 3
  count=$((count - 1))
done
[ "$access" = rw ] || mount -o remount,bind,ro "$at"
cd "$at"
exec env -i "$@"
`;
