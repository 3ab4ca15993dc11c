import type { ObligationStore } from '../../factory/deps.ts';
import { board } from './board.ts';
import { toMicroseconds } from './instant-column.ts';
import { obligationFromJson } from './obligation-row.ts';
import type { Sql, SqlValue } from './sql.ts';

export type ObligationQuestions = Pick<ObligationStore, 'projectedTo' | 'board' | 'obligations'>;

/** What is asked of the obligation projection. */
export function obligationQuestions(sql: Sql): ObligationQuestions {
  return {
    projectedTo: () => projectedTo(sql),
    board: (query) => board(sql, query),
    async obligations(by, asOf) {
      const parameters: SqlValue[] = [];
      const given = (value: SqlValue): string => `?${parameters.push(value)}`;
      const wanted: string[] = [];
      if (by.id !== undefined) wanted.push(`id = ${given(by.id)}`);
      if (by.line !== undefined) wanted.push(`line = ${given(by.line)}`);
      if (by.vulnerability !== undefined) wanted.push(`id in (${idsOf(given(by.vulnerability))})`);
      if (asOf === null) {
        wanted.push('recorded_to_us is null');
      } else {
        const at = given(toMicroseconds(asOf));
        wanted.push(`recorded_from_us <= ${at}`, `(recorded_to_us is null or recorded_to_us > ${at})`);
      }
      const text = `select json from obligations where ${wanted.join(' and ')} order by vulnerability, line`;
      const rows = await sql.all<{ json: string }>(text, parameters);
      return rows.map(({ json }) => obligationFromJson(json));
    },
  };
}

/** The seq up to which facts are projected. */
export async function projectedTo(sql: Sql): Promise<number> {
  const [row] = await sql.all<{ seq: number }>('select seq from projection');
  return row?.seq ?? 0;
}

/** Any member id is a vulnerability's address. */
function idsOf(vulnerability: string): string {
  return `select id from obligations where vulnerability = ${vulnerability}
    union select id from obligation_aliases where alias = ${vulnerability}`;
}
