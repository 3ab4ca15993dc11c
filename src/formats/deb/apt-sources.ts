import { parseStanzas } from './control-file.ts';

/** One entry of the sources that apt fetches from (sources.list(5)). */
export interface AptSource {
  readonly enabled: boolean;
  /** `deb`, `deb-src`. */
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Key files, fingerprints, or a whole key with its line ends; null where apt's trusted folder decides. */
  readonly signedBy: string | null;
  /** What the entry says about indexes that are past their date; null for apt's own setting. */
  readonly checkValidUntil: boolean | null;
}

/** Entries of a file in the one-line style; lines that are none, and those for discs (`cdrom:`), are passed over. */
export function parseSourcesList(text: string): readonly AptSource[] {
  return text.split('\n').flatMap((line) => {
    const [, type, optionText = '', uri, suite, components = ''] = ONE_LINE.exec(line.replace(/#.*/, '')) ?? [];
    if (type === undefined || uri === undefined || suite === undefined || uri.startsWith('cdrom:')) return [];
    const options = optionsOf(optionText);
    const source: AptSource = {
      enabled: true,
      types: [type],
      uris: [uri],
      suites: [suite],
      components: words(components),
      signedBy: options.get('signed-by') ?? null,
      checkValidUntil: yesOrNo(options.get('check-valid-until')),
    };
    return [source];
  });
}

/** Entries of a file in the deb822 style, those switched off included; E0404 where it is no such file. */
export function parseSourcesDeb822(text: string, file: string): readonly AptSource[] {
  return parseStanzas(text, file).map((fields) => {
    const list = (name: string) => words(fields.get(name) ?? '');
    return {
      enabled: yesOrNo(fields.get('enabled')) ?? true,
      types: list('types'),
      uris: list('uris').filter((uri) => !uri.startsWith('cdrom:')),
      suites: list('suites'),
      components: list('components'),
      signedBy: fields.get('signed-by') ?? null,
      checkValidUntil: yesOrNo(fields.get('check-valid-until')),
    };
  });
}

/** An entry in the deb822 style. */
export function encodeSource(source: AptSource): string {
  const lines = [
    `Types: ${source.types.join(' ')}`,
    `URIs: ${source.uris.join(' ')}`,
    `Suites: ${source.suites.join(' ')}`,
    ...(source.components.length === 0 ? [] : [`Components: ${source.components.join(' ')}`]),
    ...(source.signedBy === null ? [] : [`Signed-By: ${source.signedBy.replaceAll('\n', '\n ')}`]),
    ...(source.checkValidUntil === null ? [] : [`Check-Valid-Until: ${source.checkValidUntil ? 'yes' : 'no'}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** `deb [ option=value ... ] uri suite component ...` */
const ONE_LINE = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)(?:\s+(.*))?$/;

function optionsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    words(text).flatMap((word) => {
      const equals = word.indexOf('=');
      return equals < 1 ? [] : [[word.slice(0, equals).toLowerCase(), word.slice(equals + 1)] as const];
    }),
  );
}

/** The words of apt's own StringToBool; null where it says neither. */
function yesOrNo(word: string | undefined): boolean | null {
  if (word === undefined) return null;
  if (/^(no|false|without|off|disable|0)$/i.test(word.trim())) return false;
  return /^(yes|true|with|on|enable|1)$/i.test(word.trim()) ? true : null;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
