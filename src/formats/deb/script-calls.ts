import { Failure } from '../../core/failure.ts';
import { lexShell } from './shell-lexer.ts';
import type { RawCommand, WordPart } from './shell-lexer.ts';

/** One argument as the program would see it; null where only running the script would tell. */
export type Argument = string | null;

export interface ScriptCall {
  readonly program: string;
  readonly arguments: readonly Argument[];
}

const SCRIPT_CHARACTERS_MAX = 4 * 2 ** 20;

/**
 * The calls of some programs in a shell script, read without running it. A variable is understood when the script sets it
 * once, unconditionally and before, to what stands there; whether a call is ever reached is not asked.
 */
export function scriptCalls(script: string, programs: readonly string[]): readonly ScriptCall[] {
  if (script.length > SCRIPT_CHARACTERS_MAX) {
    throw new Failure('E0205', `A maintainer script has more than ${SCRIPT_CHARACTERS_MAX} characters`);
  }
  // Most scripts call none of them, and need not be taken apart.
  if (!programs.some((program) => script.includes(program))) return [];
  const commands = lexShell(script);
  const counts = assignmentCounts(commands);
  const constants = new Map<string, string>();
  let depth = 0;
  return commands.flatMap((command) => {
    depth += depthChange(command);
    const words = command.words.map((word) => argumentOf(word, constants));
    const assigned = depth === 0 && !command.isChained ? assignmentOf(command, words) : undefined;
    if (assigned !== undefined && counts.get(assigned.name) === 1) constants.set(assigned.name, assigned.value);
    return callOf(words, programs) ?? [];
  });
}

/** How often each variable may get a value, counted rather too often. */
function assignmentCounts(commands: readonly RawCommand[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of commands) {
    const texts = words.map((word) => (word[0]?.kind === 'text' ? word[0].text : ''));
    const sets = texts.some((text) => text === 'for' || text === 'read' || text === 'getopts' || text === 'unset');
    for (const text of texts) {
      const name = /^([A-Za-z_][A-Za-z0-9_]*)(\+?=)?/.exec(text);
      if (name?.[1] !== undefined && (sets || name[2] !== undefined)) {
        counts.set(name[1], (counts.get(name[1]) ?? 0) + 1);
      }
    }
  }
  return counts;
}

function argumentOf(word: readonly WordPart[], constants: ReadonlyMap<string, string>): Argument {
  let text = '';
  for (const part of word) {
    const piece = part.kind === 'text' ? part.text : part.kind === 'variable' ? constants.get(part.name) : undefined;
    if (piece === undefined) return null;
    text += piece;
  }
  return text;
}

const opening = new Set(['if', 'while', 'until', 'for', 'case', '{']);
const closing = new Set(['fi', 'done', 'esac', '}']);
const between = new Set(['then', 'else', 'elif', 'do', '!', 'in']);

function depthChange({ words }: RawCommand): number {
  let change = 0;
  for (const [first] of words) {
    const text = first?.kind === 'text' ? first.text : '';
    if (opening.has(text)) change += 1;
    else if (closing.has(text)) change -= 1;
    else if (!between.has(text)) break;
  }
  return change;
}

/** Of a command that is nothing but one assignment. */
function assignmentOf(
  { words: raw }: RawCommand,
  words: readonly Argument[],
): { readonly name: string; readonly value: string } | undefined {
  const [word, ...others] = words;
  if (typeof word !== 'string' || others.length > 0 || raw[0]?.[0]?.kind !== 'text') return undefined;
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(word);
  return match === null ? undefined : { name: match[1] ?? '', value: match[2] ?? '' };
}

/** Commands that name a program without calling it. */
const speaking = new Set(['echo', 'printf', 'command', 'which', 'type', 'test', '[', 'db_subst', 'db_input']);

/** The program may stand behind reserved words, assignments, and wrappers such as `chroot "$root"`. */
function callOf(words: readonly Argument[], programs: readonly string[]): ScriptCall | undefined {
  for (const [index, word] of words.entries()) {
    if (word === null) continue;
    if (speaking.has(word)) return undefined;
    const program = word.slice(word.lastIndexOf('/') + 1);
    if (programs.includes(program)) return { program, arguments: words.slice(index + 1) };
  }
  return undefined;
}
