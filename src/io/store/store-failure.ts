import { Failure } from '../../core/failure.ts';

/**
 * What a database's error means to people: a `Failure` E0803 when the world is to blame (disk, permission, network,
 * another process), the error itself when we are (a constraint, a malformed query).
 */
export function storeFailure(name: string, error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const trouble = sqliteTrouble(error) ?? postgresTrouble(error);
  if (trouble === undefined) return error;
  return new Failure('E0803', `The store ${name} cannot be used: ${trouble.what}`, {
    at: name,
    why: error.message,
    kept: 'what was not acknowledged was not recorded',
    retryable: trouble.retryable,
    cause: error,
    ...(trouble.hint === undefined ? {} : { hint: trouble.hint }),
  });
}

interface Trouble {
  readonly what: string;
  readonly retryable: boolean;
  readonly hint?: string;
}

/** Primary result codes: sqlite.org/rescode.html */
const sqliteCodes: Readonly<Record<number, Trouble>> = {
  3: { what: 'access is denied', retryable: false },
  5: { what: 'another process has been writing to it for too long', retryable: true },
  6: { what: 'it is locked', retryable: true },
  8: { what: 'it is read-only', retryable: false, hint: 'check who owns the file and its folder' },
  10: { what: 'the disk could not be read or written', retryable: true },
  11: { what: 'its file is damaged', retryable: false, hint: 'restore it from a copy' },
  13: { what: 'the disk is full', retryable: true, hint: 'make room and try again' },
  14: { what: 'its file cannot be opened', retryable: false, hint: 'check who owns the file and its folder' },
  26: { what: 'the file is not a database', retryable: false, hint: 'restore it from a copy' },
};

function sqliteTrouble(error: Error): Trouble | undefined {
  const code = (error as { readonly errcode?: unknown }).errcode;
  return typeof code === 'number' ? sqliteCodes[code & 0xff] : undefined;
}

/** SQLSTATE classes: PostgreSQL 15 documentation, appendix A. */
const postgresClasses: Readonly<Record<string, Trouble>> = {
  '08': { what: 'the connection to the server broke', retryable: true },
  '28': { what: 'the server refused the user', retryable: false, hint: 'check DATABASE_URL' },
  '3D': { what: 'the server has no such database', retryable: false, hint: 'check DATABASE_URL' },
  '40': { what: 'the server undid the transaction', retryable: true },
  '53': { what: 'the server has run out of something', retryable: true },
  '57': { what: 'the server is stopping or has stopped', retryable: true },
  '58': { what: 'the server has trouble with its disk', retryable: true },
};

function postgresTrouble(error: Error): Trouble | undefined {
  const code = (error as { readonly code?: unknown }).code;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return postgresClasses[code.slice(0, 2)];
  const network = typeof code === 'string' && /^E[A-Z]+$/.test(code);
  // pg has no code for a connection that ended under a query (pg 8, lib/client.js).
  if (network || /^(Connection terminated|Client has encountered|timeout exceeded)/i.test(error.message)) {
    return { what: 'the server cannot be reached', retryable: true, hint: 'check DATABASE_URL and the server' };
  }
  return undefined;
}
