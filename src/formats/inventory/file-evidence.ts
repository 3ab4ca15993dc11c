import { Failure } from '../../core/failure.ts';
import { cargoComponents } from '../cargo/auditable.ts';
import { gemComponent } from '../gem/specification.ts';
import { goBuildInfo } from '../go/build-info.ts';
import { goFunctionNames } from '../go/function-names.ts';
import { goComponents } from '../go/go-components.ts';
import { linkedCode } from '../go/linked-code.ts';
import { jarComponents, type FoundInside } from '../jar/jar-components.ts';
import { npmComponent } from '../npm/installed-package.ts';
import { beginsAsProgram, programFile } from '../program/program-file.ts';
import { pythonComponent } from '../python/metadata.ts';
import { evidenceBytesMax, type EvidenceKind } from './evidence-files.ts';
import type { RandomBytes } from '../program/random-bytes.ts';
import type { FoundComponent } from './found-component.ts';

export interface EvidenceFile {
  readonly kind: EvidenceKind;
  readonly path: string;
  /** Also which functions are in a program: a megabyte or two of names for each. */
  readonly linked?: boolean;
}

/**
 * The components that a file tells of. What cannot be read is named, never thrown: trees hold broken packages on purpose, as
 * test data, and one of them must not hide all others.
 */
export function fileEvidence(bytes: RandomBytes, { kind, path, linked = false }: EvidenceFile): FoundInside {
  try {
    switch (kind) {
      case 'python':
        return told(pythonComponent(whole(bytes, path)));
      case 'npm':
        return told(npmComponent(whole(bytes, path)));
      case 'gem':
        return told(gemComponent(whole(bytes, path)));
      case 'jar':
        return jarComponents(bytes, path);
      case 'program':
        return { components: programComponents(bytes, path, linked), unread: [] };
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { components: [], unread: [''] };
  }
}

function told(component: FoundComponent | undefined): FoundInside {
  return component === undefined ? { components: [], unread: [''] } : { components: [component], unread: [] };
}

function whole(bytes: RandomBytes, at: string): Uint8Array {
  if (bytes.sizeBytes <= evidenceBytesMax) return bytes.slice(0, bytes.sizeBytes);
  throw new Failure('E0205', `The file ${at} is larger than ${evidenceBytesMax} bytes`, { at });
}

function programComponents(bytes: RandomBytes, path: string, linked: boolean): readonly FoundComponent[] {
  if (bytes.sizeBytes < PROGRAM_BYTES_MIN || !beginsAsProgram(bytes.slice(0, 4))) return [];
  const program = programFile(bytes);
  if (program === undefined) return [];
  const info = goBuildInfo(program);
  if (info === undefined) return cargoComponents(program, path);
  const names = linked ? goFunctionNames(program) : undefined;
  return goComponents(info, names === undefined ? undefined : linkedCode(names, info));
}

/** An ELF header alone has more. */
const PROGRAM_BYTES_MIN = 64;
