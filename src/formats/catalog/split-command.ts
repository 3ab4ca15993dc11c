/** Splits a command line into words as a POSIX shell would, without expanding anything; null when a quote stays open. */
export function splitCommand(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === "'") {
      const end = text.indexOf("'", i + 1);
      if (end === -1) return null;
      word = (word ?? '') + text.slice(i + 1, end);
      i = end;
    } else if (character === '"') {
      const quoted = doubleQuoted(text, i + 1);
      if (quoted === null) return null;
      word = (word ?? '') + quoted.text;
      i = quoted.end;
    } else if (character === '\\') {
      if (i + 1 >= text.length) return null;
      i += 1;
      // POSIX shell 2.2.1: a backslash and a newline vanish together.
      if (text.charAt(i) !== '\n') word = (word ?? '') + text.charAt(i);
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** POSIX shell 2.2.3: within double quotes a backslash only quotes `$`, backquote, double quote, itself and newline. */
function doubleQuoted(text: string, start: number): { readonly text: string; readonly end: number } | null {
  let quoted = '';
  for (let i = start; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (character === '"') return { text: quoted, end: i };
    const next = text.charAt(i + 1);
    if (character === '\\' && ['$', '`', '"', '\\', '\n'].includes(next)) {
      if (next !== '\n') quoted += next;
      i += 1;
    } else {
      quoted += character;
    }
  }
  return null;
}
