import { hash } from 'node:crypto';

/** SHA-256 hex of the smallest id of the vulnerability and the line; stable for as long as the smallest id is. */
export function obligationId(vulnerability: string, line: string): string {
  return hash('sha256', `${vulnerability}\n${line}`);
}
