import type { z } from 'zod';
import type { Line, LinePackage } from '../../core/catalog/catalog.ts';
import type { InstantText } from '../../core/fact.ts';
import type { Failure } from '../../core/failure.ts';
import { checkShape } from './check-shape.ts';
import { dayOrInstant, noDay } from './day-or-instant.ts';
import { lineSchema } from './line-schema.ts';
import { parseWanted } from './package-wanted.ts';
import { placeOf, problemAt } from './problem.ts';
import { architecturesFrom } from './schema-parts.ts';
import { splitCommand } from './split-command.ts';
import { nodeAt, reopener, type YamlFile } from './yaml-file.ts';

type Shape = z.output<typeof lineSchema>;

export type LineReading =
  | { readonly kind: 'line'; readonly line: Line; readonly yaml: () => YamlFile }
  | { readonly kind: 'problems'; readonly problems: readonly Failure[] };

/** Reads `lines/NAME.yaml` into the factory's own words. */
export function readLine(yaml: YamlFile): LineReading {
  const shaped = checkShape(yaml, lineSchema);
  if (shaped.kind === 'problems') return shaped;
  const problems: Failure[] = [];
  const { value } = shaped;
  const colon = value.suture.line.lastIndexOf(':');
  const line: Line = {
    line: value.suture.line,
    file: yaml.file,
    repository: value.suture.line.slice(0, colon),
    tag: value.suture.line.slice(colon + 1),
    architectures: architecturesFrom(value.archs),
    supportUntil: supportEnd(value.suture.support.until, yaml, problems),
    format: value.contents.repositories.length > 0 ? 'deb' : 'apk',
    suites: value.contents.repositories,
    packages: readPackages(value, yaml, problems),
    entrypoint: command(value.entrypoint.command, ['entrypoint', 'command'], yaml, problems),
    cmd: command(value.cmd, ['cmd'], yaml, problems),
    environment: value.environment,
    workDir: value['work-dir'],
    user: userOf(value, yaml, problems),
    annotations: value.annotations,
    test: value.suture.test ?? null,
  };
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'line', line, yaml: reopener(yaml) };
}

function readPackages(value: Shape, yaml: YamlFile, problems: Failure[]): readonly LinePackage[] {
  const seen = new Set<string>();
  return value.contents.packages.flatMap((text, index) => {
    const path = ['contents', 'packages', index];
    const wanted = parseWanted(text);
    if (wanted.kind === 'not-understood') {
      problems.push(problemAt(yaml, path, { code: 'E0101', what: wanted.what, hint: wanted.hint }));
      return [];
    }
    if (seen.has(wanted.name)) {
      problems.push(problemAt(yaml, path, { code: 'E0101', what: `${wanted.name} is listed twice` }));
    }
    seen.add(wanted.name);
    return [{ name: wanted.name, bound: wanted.bound, note: noteBehind(yaml, path), at: placeOf(yaml, path) }];
  });
}

/** The comment on the rest of the line behind a value. */
function noteBehind(yaml: YamlFile, path: readonly PropertyKey[]): string | null {
  const end = nodeAt(yaml, path)?.range?.[1];
  if (end === undefined) return null;
  const newline = yaml.text.indexOf('\n', end);
  const rest = yaml.text.slice(end, newline === -1 ? undefined : newline);
  const note = /^[\s,\]]*\s#(.*)$/.exec(rest.replace(/\r$/, ''))?.[1]?.trim();
  return note === undefined || note === '' ? null : note;
}

function command(text: string, path: readonly PropertyKey[], yaml: YamlFile, problems: Failure[]): readonly string[] {
  const words = splitCommand(text);
  if (words === null)
    problems.push(problemAt(yaml, path, { code: 'E0101', what: 'a quote is opened and never closed' }));
  return words ?? [];
}

function supportEnd(text: string | undefined, yaml: YamlFile, problems: Failure[]): InstantText | null {
  if (text === undefined) return null;
  const end = dayOrInstant(text, 'end');
  if (end === null) problems.push(problemAt(yaml, ['suture', 'support', 'until'], noDay(text)));
  return end;
}

function userOf({ accounts }: Shape, yaml: YamlFile, problems: Failure[]): Line['user'] {
  const runAs = accounts['run-as'];
  const user = accounts.users.find(({ username, uid }) => username === runAs || String(uid) === runAs);
  const gid = user?.gid ?? user?.uid;
  const say = (path: readonly PropertyKey[], what: string, hint?: string, code: 'E0101' | 'E0102' = 'E0101') =>
    problems.push(problemAt(yaml, ['accounts', ...path], { code, what, hint }));
  if (runAs !== undefined && runAs !== 'root' && runAs !== '0' && user === undefined) {
    say(
      ['run-as'],
      `\`run-as\` names ${runAs.slice(0, 60)}, which \`users\` does not have`,
      'Add it under `accounts.users`.',
      'E0102',
    );
  } else if (user === undefined && accounts.users.length > 0) {
    say(['users'], 'a user that the image does not run as is not supported yet', 'Name it under `accounts.run-as`.');
  }
  for (const [index, group] of accounts.groups.entries()) {
    if (user !== undefined && group.groupname === user.username && group.gid === gid) continue;
    say(['groups', index], "a group other than the user's own is not supported yet");
  }
  return user === undefined || gid === undefined ? null : { name: user.username, uid: user.uid, gid };
}
