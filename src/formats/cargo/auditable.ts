import { inflateSync } from 'node:zlib';
import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import { foundComponent, type FoundComponent } from '../inventory/found-component.ts';
import type { ProgramFile } from '../program/program-file.ts';

/**
 * The crates of a Rust program that `cargo auditable` built: zlib-packed JSON in the section `.dep-v0` (rust-secure-code,
 * cargo-auditable, PARSING.md). Crates that only ran during the build are not in the program. None where there is no
 * such section; E0404 where it cannot be read.
 */
export function cargoComponents(program: ProgramFile, at: string): readonly FoundComponent[] {
  const section = program.sections.get('.dep-v0');
  if (section === undefined) return [];
  const packed = program.bytes.slice(section.offset, Math.min(section.sizeBytes, PACKED_BYTES_MAX));
  return cratesIn(packed, at).packages.flatMap((one) => {
    if (one.kind === 'build') return [];
    const edge = one.root === true ? 'contains' : 'static';
    return foundComponent({ ecosystem: 'crates.io', name: one.name, version: one.version, edge }) ?? [];
  });
}

/** As the format's own reader bounds it. */
const PACKED_BYTES_MAX = 8 * 2 ** 20;
const JSON_BYTES_MAX = 32 * 2 ** 20;

function cratesIn(packed: Uint8Array, at: string): z.infer<typeof crates> {
  try {
    return crates.parse(JSON.parse(inflateSync(packed, { maxOutputLength: JSON_BYTES_MAX }).toString()));
  } catch (cause) {
    throw new Failure('E0404', `The list of crates in ${at} cannot be read`, { at, cause });
  }
}

const crates = z.object({
  packages: z
    .array(
      z.object({
        name: z.string(),
        version: z.string(),
        kind: z.string().optional(),
        root: z.boolean().optional(),
      }),
    )
    .max(100_000),
});
