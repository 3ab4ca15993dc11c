import type { LineHistory } from './history.ts';
import type { EachRun } from './number-lists.ts';

/** Puts lines together by their ordinals, each once: some components are in thousands of lines. */
export interface LineCollector {
  readonly add: EachRun;
  /** Those added since the last time. */
  readonly take: () => readonly LineHistory[];
}

/** `lineAt` holds each line at its ordinal, and may grow. */
export function lineCollector(lineAt: readonly LineHistory[]): LineCollector {
  let isAdded = new Uint8Array(64);
  let added = new Uint32Array(64);
  let count = 0;
  return {
    add: (ordinals, from, to) => {
      if (isAdded.length < lineAt.length) {
        isAdded = grown(isAdded, new Uint8Array(lineAt.length * 2));
        added = grown(added, new Uint32Array(lineAt.length * 2));
      }
      for (let at = from; at < to; at += 1) {
        const ordinal = ordinals[at] as number;
        if (isAdded[ordinal] !== 0) continue;
        isAdded[ordinal] = 1;
        added[count] = ordinal;
        count += 1;
      }
    },
    take: () => {
      const lines: LineHistory[] = [];
      for (let at = 0; at < count; at += 1) {
        const ordinal = added[at] as number;
        isAdded[ordinal] = 0;
        lines.push(lineAt[ordinal] as LineHistory);
      }
      count = 0;
      return lines;
    },
  };
}

function grown<Numbers extends Uint8Array | Uint32Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}
