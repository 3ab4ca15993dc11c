/** The modules of a Go program (Go's `debug.BuildInfo`). */
export interface ModuleInfo {
  /** Import path of the main package; empty where the program does not say. */
  readonly path: string;
  readonly main: GoModule | null;
  /** What is linked in: of a replaced module, the replacement. */
  readonly dependencies: readonly GoModule[];
}

export interface GoModule {
  readonly path: string;
  /** `v1.2.3`, or `(devel)` where it was built from a work tree without version. */
  readonly version: string;
}

/** Lines of tab-separated words (`modinfo` of Go's linker); what is in no known form is passed over. */
export function parseModuleInfo(text: string): ModuleInfo {
  let path = '';
  let main: GoModule | null = null;
  const dependencies: GoModule[] = [];
  for (const line of text.split('\n').slice(0, LINES_MAX)) {
    const [word, name = '', version = ''] = line.split('\t');
    if (word === 'path') path = name;
    else if (word === 'mod' && name !== '') main = { path: name, version };
    else if (word === 'dep' && name !== '') dependencies.push({ path: name, version });
    else if (word === '=>') {
      const replaced: GoModule | null = dependencies.pop() ?? main;
      if (replaced === main) main = replacement(main, name, version);
      else if (replaced !== null) dependencies.push(replacement(replaced, name, version) ?? replaced);
    }
  }
  return { path, main, dependencies };
}

const LINES_MAX = 200_000;

/** A folder in the place of a module: it is that module, in a state that nobody published. */
function replacement(replaced: GoModule | null, path: string, version: string): GoModule | null {
  if (replaced === null) return null;
  const isFolder = version === '' || version === '(devel)' || /^(?:\.{0,2}[/\\]|[A-Za-z]:)/.test(path);
  return isFolder ? { path: replaced.path, version: '(devel)' } : { path, version };
}
