import type { FileFact } from './image-facts.ts';

/** As many as the kernel follows before it says ELOOP (path_resolution(7)). */
const LINKS_MAX = 40;

/** What a path opens: the file or folder at the end of all links on the way, if it is there. */
export function leadsTo(files: ReadonlyMap<string, FileFact>, path: string): FileFact | undefined {
  const steps = path.split('/').toReversed();
  const here: string[] = [];
  for (let links = 0; ; ) {
    const step = steps.pop();
    if (step === undefined) return files.get(here.join('/'));
    if (step === '' || step === '.') continue;
    if (step === '..') {
      here.pop();
      continue;
    }
    here.push(step);
    const found = files.get(here.join('/'));
    if (found?.kind !== 'symlink') continue;
    links += 1;
    if (links > LINKS_MAX) return undefined;
    if (found.content.startsWith('/')) here.length = 0;
    else here.pop();
    steps.push(...found.content.split('/').toReversed());
  }
}
