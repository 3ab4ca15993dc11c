import type { FailureCode } from '../../../src/core/failure.ts';
import type { World } from '../../support/broken-world.ts';

/** One thing that is wrong, and what the command line must make of it. */
export interface BadInput {
  readonly name: string;
  /** Makes it so; what it returns undoes what lies outside of the world. */
  readonly breaks?: (world: World) => Promise<(() => Promise<void>) | void>;
  readonly argv: readonly string[];
  /** Put before the command: another user, another limit. */
  readonly prefix?: (world: World) => readonly string[];
  /** Null when it is an answer and no error: then `says` says what. */
  readonly code: FailureCode | null;
  readonly exitCode: number;
  readonly says?: RegExp;
  /** Images that are published all the same: a registry may lie only after it was given the bytes. */
  readonly publishes?: number;
  /** The damage itself is in what is kept, so that it cannot be compared afterwards. */
  readonly ruins?: boolean;
  /** Where it shows differs from machine to machine: not for the golden file. */
  readonly varies?: boolean;
  /** Why it cannot be tried here, or undefined. */
  readonly skip?: () => string | undefined;
}
