import { DatabaseSync } from 'node:sqlite';

/**
 * Copies the closed rows of a store that nobody has open, under other ids, lines and ends, until there are `wanted` more:
 * millions of projections would take an hour. Copies keep the instants in their JSON. Returns how many were made.
 */
export function fillClosed(file: string, wanted: number): number {
  const db = new DatabaseSync(file);
  try {
    // A file that is lost when the machine stops here is made again: nothing of it need be durable.
    db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -524288; pragma threads = 2');
    const indexes = indexesOf(db);
    for (const { name } of indexes) db.exec(`drop index ${name}`);
    const made = copyClosed(db, wanted);
    for (const { sql } of indexes) db.exec(sql);
    db.exec(`update obligation_counts set n = (select count(*) from obligations o
      where o.standing = obligation_counts.standing and o.recorded_to_us is null)`);
    db.exec('pragma journal_mode = wal');
    return made;
  } finally {
    db.close();
  }
}

function indexesOf(db: DatabaseSync) {
  const text =
    "select name, sql from sqlite_master where type = 'index' and tbl_name = 'obligations' and sql is not null";
  return db.prepare(text).all() as { name: string; sql: string }[];
}

/** A turn of copies: all lie before the turn before, on one of ten lines that stand for the one copied, with ids in ascending order. */
function copyClosed(db: DatabaseSync, wanted: number): number {
  db.exec(`create temp table seed as select row_number() over (order by rank) as n, * from obligations
    where standing in ('met', 'missed') and recorded_to_us is null`);
  const [{ size, width } = { size: 0, width: 0 }] = db
    .prepare('select count(*) as size, max(rank) - min(rank) + 1 as width from seed')
    .all() as { size: number; width: number }[];
  const copied = ['id', 'rank', 'line', 'json'];
  const columns = (db.prepare("select name from pragma_table_info('obligations')").all() as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => !copied.includes(name));
  const copy = db.prepare(`insert into obligations (id, line, rank, json, ${columns.join(', ')})
    select new_id, new_line, rank + ?1 * ${width},
      replace(replace(json, id, new_id), '"line":"' || line || '"', '"line":"' || new_line || '"'), ${columns.join(', ')}
    from (select *, printf('%012x', ?1 * ${size} + n) || substr(id, 13) as new_id, line || '.' || (?1 % 10) as new_line
      from seed where n <= ?2)`);
  let made = 0;
  for (let turn = 1; made < wanted; turn += 1) made += Number(copy.run(turn, wanted - made).changes);
  return made;
}
