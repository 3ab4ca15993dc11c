/** Where a command writes and what it may assume about it; tests hand in a recording one. */
export interface Terminal {
  /** Data: what a pipe receives. */
  out(text: string): void;
  /** Everything else: progress, errors, hints. */
  err(text: string): void;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  /** Somebody sits there: input and output are a terminal. */
  readonly isInteractive: boolean;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTty: process.stdout.isTTY,
    errIsTty: process.stderr.isTTY,
    isInteractive: process.stdin.isTTY && process.stdout.isTTY,
    columns: process.stdout.columns ?? 80,
    env: process.env,
  };
}

export type ColourChoice = 'auto' | 'always' | 'never';

/** `--color` wins over FORCE_COLOR and CLICOLOR_FORCE, those over NO_COLOR, that over what the stream is. */
export function wantsColour(choice: ColourChoice, isTty: boolean, env: Terminal['env']): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (isSet(env['FORCE_COLOR']) || isSet(env['CLICOLOR_FORCE'])) return true;
  if (isSet(env['NO_COLOR']) || env['TERM'] === 'dumb') return false;
  return isTty;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}
