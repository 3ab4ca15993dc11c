import { Command } from 'commander';
import { Failure } from '../../core/failure.ts';
import type { VersionScheme } from '../../core/match/advisory.ts';
import { compareVersions, isValidVersion } from '../../core/version/compare.ts';
import { versionSchemes } from '../../core/version/schemes.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';

export interface CompareDeps {
  /** All of standard input. */
  input(signal: AbortSignal): Promise<string>;
}

interface Options {
  readonly stdin?: boolean;
  readonly lenient?: boolean;
}

export function compareCommand(cli: Cli, open: Open<CompareDeps>): Command {
  return new Command('compare')
    .description('Which of two versions is lower, as their ecosystem orders them: prints <, = or >.')
    .argument('<scheme>', versionSchemes.join(', '))
    .argument('[a]', 'a version')
    .argument('[b]', 'the version that it is compared with')
    .option('--stdin', 'read lines "A B" instead, and print one sign a line')
    .option('--lenient', 'compare also what is no version of the scheme')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, named: string, a: string | undefined, b: string | undefined, options: Options) => {
        const scheme = await schemeNamed(named);
        if (options.stdin === true) {
          if (a !== undefined) throw new Failure('E0902', 'the versions are read from stdin, and one is given as well');
          const deps = await open(session.globals);
          answerLines(session, scheme, comparedLines(await deps.input(session.signal), scheme, options));
        } else if (a === undefined || b === undefined) {
          throw new Failure('E0902', 'two versions are needed', { hint: 'suture compare deb 1.0~rc1 1.0' });
        } else {
          answerOne(session, scheme, compared(scheme, [a, b], options));
        }
        return 0;
      }),
    );
}

const EXAMPLE = `
Examples:
  $ suture compare deb 1.0~rc1-1 1.0-1
  $ printf '1.0 1.0.0\\n1.0 1.0.post1\\n' | suture compare pypi --stdin`;

async function schemeNamed(name: string): Promise<VersionScheme> {
  const scheme = versionSchemes.find((each) => each === name);
  if (scheme !== undefined) return scheme;
  const { packageKey } = await import('../../formats/osv/package-key.ts');
  const meant = [
    { ecosystem: '', name: 'x', purl: `pkg:${name.toLowerCase()}/x/x` },
    { ecosystem: name, name: 'x' },
  ]
    .map((each) => packageKey(each)?.scheme ?? 'generic')
    .find((each) => each !== 'generic');
  throw new Failure('E0902', `there is no version scheme '${name}'`, {
    why: `known: ${versionSchemes.join(', ')}`,
    hint: meant === undefined ? 'generic orders what follows no scheme' : `versions of ${name} are ordered by ${meant}`,
  });
}

interface Compared {
  readonly a: string;
  readonly b: string;
  readonly order: '<' | '=' | '>';
  /** Both are versions of the scheme. */
  readonly valid: boolean;
}

function compared(
  scheme: VersionScheme,
  [a, b]: readonly [string, string],
  { lenient, line }: Options & { readonly line?: number },
): Compared {
  const wrong = [a, b].find((version) => !isValidVersion(scheme, version));
  if (wrong !== undefined && lenient !== true) {
    throw new Failure('E0904', `${line === undefined ? '' : `line ${line}: `}'${wrong}' is no version of ${scheme}`, {
      kept: 'nothing was compared',
      hint: '--lenient compares it all the same; what is no version is lower than what is one',
    });
  }
  const order = compareVersions(scheme, a, b);
  return { a, b, order: order < 0 ? '<' : order > 0 ? '>' : '=', valid: wrong === undefined };
}

function comparedLines(text: string, scheme: VersionScheme, options: Options): readonly Compared[] {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (lines.length === 1 && lines[0] === '') return [];
  return lines.map((line, index) => {
    const [a, b, ...more] = line.trim().split(/[ \t]+/);
    if (a === undefined || b === undefined || more.length > 0) {
      throw new Failure('E0904', `line ${index + 1} is not two versions with a space between`, {
        kept: 'nothing was compared',
        hint: 'a line looks so: 1.0~rc1 1.0',
      });
    }
    return compared(scheme, [a, b], { ...options, line: index + 1 });
  });
}

function answerOne(session: Session, scheme: VersionScheme, result: Compared): void {
  session.answer({
    json: () => ({ schema: 'suture/compare/1', generatedAt: session.now(), scheme, ...result }),
    table: () => result.order,
    rows: () => [{ ...result }],
  });
}

function answerLines(session: Session, scheme: VersionScheme, items: readonly Compared[]): void {
  if (items.length === 0 && session.globals.format === 'table') return;
  session.answer({
    json: () => ({
      schema: 'suture/compare/1',
      generatedAt: session.now(),
      dataAsOf: session.now(),
      summary: { scheme, lines: items.length },
      items,
      next: null,
    }),
    table: () => items.map(({ order }) => `${order}\n`).join(''),
    rows: () => items.map((item) => ({ ...item })),
  });
}
