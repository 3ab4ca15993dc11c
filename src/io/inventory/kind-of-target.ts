import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';

/** What somebody names to have it looked into. */
export type TargetKind = 'stdin' | 'sbom' | 'image' | 'folder' | 'reference';

/** E0902 where it is neither a file that is known nor something that a registry could have. */
export function kindOfTarget(target: string): TargetKind {
  if (target === '-') return 'stdin';
  const found = statSync(target, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return existsSync(join(target, 'oci-layout')) ? 'image' : 'folder';
  if (found?.isFile() === true) return fileKind(target);
  if (found === undefined && REFERENCE.test(target)) return 'reference';
  throw new Failure('E0902', `${target} is nothing that can be scanned`, {
    at: target,
    why: found === undefined ? 'there is no such file, and it is no reference to an image' : 'it is no plain file',
    hint: 'a bill of materials, an image (tar, layout, host/name:tag) or a folder; - reads one from stdin',
  });
}

/** With a host, as `registry.example/nginx:1.28`, `localhost:5000/nginx@sha256:…`: none is guessed. */
const REFERENCE =
  /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+|localhost|\[[0-9a-f:]+\])(?::[0-9]+)?\/[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

function fileKind(path: string): TargetKind {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(512);
    const length = readSync(file, start, 0, 512, 0);
    const isPacked = start[0] === 0x1f && start[1] === 0x8b;
    const isTar = start.subarray(257, 262).toString('latin1') === 'ustar';
    if (isPacked || isTar) return 'image';
    if (/^(?:\xef\xbb\xbf)?\s*\{/.test(start.toString('latin1', 0, length))) return 'sbom';
  } finally {
    closeSync(file);
  }
  throw new Failure('E0904', `${path} is no bill of materials and no image`, {
    at: path,
    why: 'it begins neither as JSON nor as a tar archive',
    kept: 'nothing was scanned',
    hint: 'write the bill of materials as CycloneDX or SPDX, in JSON',
  });
}
