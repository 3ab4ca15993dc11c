/** One look at this machine. The words and the fix stand on a line each. */
export interface DoctorCheck {
  readonly name: string;
  /** `absent`: an optional thing that is not there. */
  readonly state: 'works' | 'fails' | 'warns' | 'absent';
  /** Whether Suture cannot do its work without it. */
  readonly required: boolean;
  readonly words: string;
  /** One command or one sentence; null when there is nothing to do. */
  readonly fix: string | null;
}

/** What a look found, before it has a name. */
export type Finding = Pick<DoctorCheck, 'state' | 'words' | 'fix'>;

export const works = (words: string): Finding => ({ state: 'works', words, fix: null });
export const fails = (words: string, fix: string): Finding => ({ state: 'fails', words, fix });
export const warns = (words: string, fix: string): Finding => ({ state: 'warns', words, fix });
export const absent = (words: string): Finding => ({ state: 'absent', words, fix: null });

const BOUND_SECONDS = 10;

/** Runs one look: what it throws is a finding too, and so is silence. */
export async function check(
  name: string,
  required: boolean,
  look: () => Promise<Finding>,
  boundSeconds = BOUND_SECONDS,
): Promise<DoctorCheck> {
  const timeout = Promise.withResolvers<Finding>();
  const timer = setTimeout(
    () => timeout.resolve(fails(`did not answer within ${boundSeconds} s`, 'try again on a quieter machine')),
    boundSeconds * 1000,
  );
  try {
    return { name, required, ...(await Promise.race([look(), timeout.promise])) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { name, required, ...fails(words.split('\n')[0] ?? words, 'see the words of the system') };
  } finally {
    clearTimeout(timer);
  }
}
