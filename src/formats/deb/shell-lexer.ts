/** A piece of a shell word: what stands there, a variable, or something that only running it would tell. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'unknown' };

/** A simple command (POSIX.1-2017 XCU 2.9.1), reserved words still in front, redirections left out. */
export interface RawCommand {
  readonly words: readonly (readonly WordPart[])[];
  /** Whether it stands behind `&&`, `||` or `|`. */
  readonly isChained: boolean;
}

/** Takes a script apart into its simple commands without running any; what it cannot read it takes as text. */
export function lexShell(script: string): readonly RawCommand[] {
  const lexer = new ShellLexer(script);
  while (!lexer.atEnd) lexer.step();
  lexer.endCommand(false);
  return lexer.commands;
}

const plain = /[^\s\\;&|()<>#'"`$*?]+/y;
const variable = /\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})/y;

class ShellLexer {
  readonly commands: RawCommand[] = [];
  readonly #script: string;
  #at = 0;
  #words: (readonly WordPart[])[] = [];
  #word: WordPart[] | undefined;
  #isChained = false;
  #isTarget = false;
  #hereEnds: string[] = [];

  constructor(script: string) {
    this.#script = script;
  }

  get atEnd(): boolean {
    return this.#at >= this.#script.length;
  }

  step(): void {
    const character = this.#script[this.#at] ?? '';
    switch (character) {
      case '\n':
        this.#at += 1;
        this.endCommand(false);
        this.#skipHereDocuments();
        return;
      case ';':
      case '(':
      case ')':
        this.#at += 1;
        this.endCommand(false);
        return;
      case '&':
      case '|':
        this.#at += 1;
        this.endCommand(true);
        return;
      case '<':
      case '>':
        this.#redirection();
        return;
      case '#':
        if (this.#word === undefined) this.#at = this.#indexOf('\n', this.#at);
        else this.#text(1);
        return;
      case "'": {
        const end = this.#indexOf("'", this.#at + 1);
        this.#add({ kind: 'text', text: this.#script.slice(this.#at + 1, end) });
        this.#at = end + 1;
        return;
      }
      case '"':
        this.#doubleQuoted();
        return;
      case '*':
      case '?':
        this.#at += 1;
        this.#add({ kind: 'unknown' });
        return;
      case '\\':
      case '$':
      case '`':
        this.#special();
        return;
      default:
        if (/\s/.test(character)) {
          this.#at += 1;
          this.#endWord();
        } else this.#text(lengthOf(plain, this.#script, this.#at) ?? 1);
    }
  }

  endCommand(chainsNext: boolean): void {
    this.#endWord();
    if (this.#words.length > 0) {
      this.commands.push({ words: this.#words, isChained: this.#isChained });
      this.#words = [];
      this.#isChained = chainsNext;
    } else this.#isChained ||= chainsNext;
    this.#isTarget = false;
  }

  #endWord(): void {
    if (this.#word === undefined) return;
    if (!this.#isTarget) this.#words.push(this.#word);
    this.#isTarget = false;
    this.#word = undefined;
  }

  #add(part: WordPart): void {
    this.#word ??= [];
    this.#word.push(part);
  }

  #text(length: number): void {
    this.#add({ kind: 'text', text: this.#script.slice(this.#at, this.#at + length) });
    this.#at += length;
  }

  #doubleQuoted(): void {
    this.#at += 1;
    this.#add({ kind: 'text', text: '' });
    while (!this.atEnd) {
      const character = this.#script[this.#at] ?? '';
      if (character === '"') break;
      if (character === '\\' || character === '$' || character === '`') this.#special();
      else this.#text(lengthOf(/[^"\\$`]+/y, this.#script, this.#at) ?? 1);
    }
    this.#at += 1;
  }

  /** Backslashes, and what the shell replaces, inside of double quotes and out. */
  #special(): void {
    const character = this.#script[this.#at];
    const next = this.#script[this.#at + 1] ?? '';
    if (character === '\\') {
      if (next !== '\n') this.#add({ kind: 'text', text: next });
      this.#at += 2;
      return;
    }
    variable.lastIndex = this.#at;
    const named = character === '$' ? variable.exec(this.#script) : null;
    if (named !== null) {
      this.#add({ kind: 'variable', name: named[1] ?? named[2] ?? '' });
      this.#at += named[0].length;
      return;
    }
    this.#add({ kind: 'unknown' });
    if (character === '`') this.#at = this.#indexOf('`', this.#at + 1) + 1;
    else if (next === '(') this.#skipBalanced('(', ')');
    else if (next === '{') this.#skipBalanced('{', '}');
    else this.#at += 2;
  }

  #skipBalanced(open: string, close: string): void {
    let depth = 0;
    for (this.#at += 1; !this.atEnd; this.#at += 1) {
      const character = this.#script[this.#at];
      if (character === '\\') this.#at += 1;
      else if (character === "'" || character === '"') this.#at = this.#quoteEnd(character);
      else if (character === open) depth += 1;
      else if (character === close) depth -= 1;
      if (depth === 0) break;
    }
    this.#at += 1;
  }

  #quoteEnd(quote: string): number {
    let end = this.#indexOf(quote, this.#at + 1);
    while (quote === '"' && end < this.#script.length && this.#script[end - 1] === '\\') {
      end = this.#indexOf(quote, end + 1);
    }
    return end;
  }

  /** `2>&1`, `>>file`, `<<EOF`: the number before and the word behind belong to it. */
  #redirection(): void {
    const [before] = this.#word ?? [];
    if (this.#word?.length === 1 && before?.kind === 'text' && /^[0-9]+$/.test(before.text)) this.#word = undefined;
    else this.#endWord();
    const here = /<<-?[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([A-Za-z0-9_!.-]+))/y;
    here.lastIndex = this.#at;
    const match = here.exec(this.#script);
    if (match !== null) {
      this.#hereEnds.push(match[1] ?? match[2] ?? match[3] ?? '');
      this.#at += match[0].length;
      return;
    }
    this.#at += lengthOf(/[<>]+[&|]?/y, this.#script, this.#at) ?? 1;
    this.#isTarget = true;
  }

  #skipHereDocuments(): void {
    for (const mark of this.#hereEnds) {
      while (!this.atEnd) {
        const end = this.#indexOf('\n', this.#at);
        const line = this.#script.slice(this.#at, end).replace(/^\t+/, '');
        this.#at = end + 1;
        if (line === mark) break;
      }
    }
    this.#hereEnds = [];
  }

  #indexOf(character: string, from: number): number {
    const found = this.#script.indexOf(character, from);
    return found < 0 ? this.#script.length : found;
  }
}

function lengthOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length;
}
