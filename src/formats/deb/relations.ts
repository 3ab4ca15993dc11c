import { Failure } from '../../core/failure.ts';
import { checkedName, checkedVersion, shown } from './policy-words.ts';
import type { Dependency, PackageRelation } from '../../core/resolve/package-relation.ts';

const TEXT_CHARACTERS_MAX = 2 ** 20;

/** What a Depends-like field asks for (Policy 7.1): each must be met, by one of its alternatives. E0404 for anything else. */
export function parseDependencies(text: string, at: string): readonly Dependency[] {
  return partsOf(text, at).map((part) => part.split('|').map((one) => parseRelation(one, at)));
}

/** What a Conflicts-like field names (Policy 7.1): no alternatives there. */
export function parseRelations(text: string, at: string): readonly PackageRelation[] {
  return partsOf(text, at).map((part) => parseRelation(part, at));
}

/** What a Provides field offers (Policy 7.5): names, some with the one version that they stand for. */
export function parseProvides(text: string, at: string): readonly Provided[] {
  return parseRelations(text, at).map(({ name, operator, version }) => {
    if (operator !== null && operator !== '=') throw unreadable(text, at, 'provides more than one version of a name');
    return { name, version: operator === null ? null : version };
  });
}

export interface Provided {
  readonly name: string;
  readonly version: string | null;
}

function partsOf(text: string, at: string): readonly string[] {
  if (text.length > TEXT_CHARACTERS_MAX) {
    throw new Failure('E0205', `A relation field has more than ${TEXT_CHARACTERS_MAX} characters`, { at });
  }
  return text.trim() === '' ? [] : text.split(',');
}

/** Name, qualifier, bound; then lists of architectures and build profiles, which binary packages have no use for. */
const relation =
  /^([^ :([<|]+)(?::([a-z0-9-]+))? ?(?:\( ?(<<|<=|=|>=|>>|<|>) ?([^ ()]+) ?\) ?)?(?:\[[^\][|]*\] ?)?(?:<[^<>|]*> ?)*$/;

function parseRelation(text: string, at: string): PackageRelation {
  // Single blanks, so that no text makes the pattern try the same one twice.
  const match = relation.exec(text.trim().replace(/\s+/g, ' '));
  if (match === null) throw unreadable(text, at, 'is no "name (operator version)"');
  const [, name = '', qualifier = null, operator, version = ''] = match;
  checkedName(name, at);
  if (operator === undefined) return { name, qualifier, operator: null, version: '' };
  return { name, qualifier, operator: currentOperator(operator), version: checkedVersion(version, at) };
}

/** `<` and `>` are from a time when they meant "or equal" (Policy 7.1). */
function currentOperator(operator: string): NonNullable<PackageRelation['operator']> {
  switch (operator) {
    case '<<':
    case '=':
    case '>>':
      return operator;
    case '<':
    case '<=':
      return '<=';
    default:
      return '>=';
  }
}

function unreadable(text: string, at: string, what: string): Failure {
  return new Failure('E0404', `The relation ${shown(text.trim())} ${what}`, { at });
}
