import type { Failure, FailureCode } from '../../core/failure.ts';
import { problemAtOffset } from './problem-at-offset.ts';
import { keyNodeAt, nodeAt, type YamlFile } from './yaml-file.ts';

/** What is wrong, in the words of a `Failure`; `find` names the part of the value that the caret goes under. */
export interface Trouble {
  readonly code: FailureCode;
  readonly what: string;
  readonly why?: string;
  readonly hint?: string | undefined;
  readonly on?: 'key' | 'value';
  readonly find?: string;
}

/** A problem at the value (or key) that a path leads to, or at the nearest thing around it that is there. */
export function problemAt(yaml: YamlFile, path: readonly PropertyKey[], trouble: Trouble): Failure {
  const [start, end] = rangeAt(yaml, path, trouble);
  return problemAtOffset(yaml, [start, end], trouble.code, trouble.what, trouble.hint, trouble.why);
}

/** `file:line:column` of the value that a path leads to. */
export function placeOf(yaml: YamlFile, path: readonly PropertyKey[]): string {
  const { line, col } = yaml.lines.linePos(rangeAt(yaml, path, {})[0]);
  return `${yaml.file}:${line}:${col}`;
}

function rangeAt(
  yaml: YamlFile,
  path: readonly PropertyKey[],
  { on, find }: Pick<Trouble, 'on' | 'find'>,
): [number, number] {
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length);
    // A missing value is shown at the key of the map that lacks it: the first place where somebody would look.
    const wantsKey = (on === 'key' && length === path.length) || length < path.length;
    const key = wantsKey ? keyNodeAt(yaml, part) : undefined;
    const node = key ?? nodeAt(yaml, part);
    if (node?.range === null || node?.range === undefined) continue;
    const [start, end] = node.range;
    const found = find === undefined || length < path.length ? -1 : yaml.text.slice(start, end).indexOf(find);
    return found === -1 ? [start, end] : [start + found, start + found + (find?.length ?? 0)];
  }
  return [0, 0];
}
