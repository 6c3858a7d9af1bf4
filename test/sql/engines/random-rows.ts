import fc from 'fast-check';
import type { Row, Table } from '../../../framework/model/table.ts';

/** The SQL clock of random queries; times of random rows lie around it and around 30 days before it. */
export const nowMs = Date.UTC(2024, 5, 30, 12);
const dayMs = 86_400_000;

export const randomTables: readonly Table[] = [
  {
    name: 'logins',
    description: 'Random rows.',
    key: 'id',
    replaces: false,
    time: 'p_event_time',
    columns: [
      { name: 'id', type: 'BIGINT', nullable: false },
      { name: 'person', type: 'VARCHAR' },
      { name: 'kind', type: 'VARCHAR', nullable: false },
      { name: 'score', type: 'BIGINT' },
      { name: 'ratio', type: 'DOUBLE' },
      { name: 'mfa', type: 'BOOLEAN' },
      { name: 'p_event_time', type: 'TIMESTAMP' },
      { name: 'context', type: 'JSON' },
      { name: 'tags', type: 'VARCHAR[]' },
      { name: 'udm', type: 'STRUCT', fields: ['actor_user', 'source_ip'] },
    ],
  },
  {
    name: 'people',
    description: 'Random rows.',
    key: 'person',
    replaces: false,
    time: 'since',
    columns: [
      { name: 'person', type: 'VARCHAR' },
      { name: 'rank', type: 'BIGINT' },
      { name: 'since', type: 'TIMESTAMP' },
      { name: 'profile', type: 'JSON' },
    ],
  },
];

/** Few texts, so that they repeat: mixed case, empty, wildcards, what escaping could get wrong, numbers, and beyond the BMP. */
const texts = [
  ...['alice', 'Alice', 'ALICE', 'bob', '', 'null', '1', '-7', '2.5', 'true', 'a.b.c', '192.0.2.1', 'a b'],
  ...['a%b', 'a_b', "o'neil", 'back\\slash', '`tick`', 'line\nbreak', 'ärger', '\u{1f600}', '\uff21', 'ſtaſi'],
];

/** A text of the few. */
export const randomText = fc.constantFrom(...texts);

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
const time = fc
  .tuple(
    fc.constantFrom(nowMs, nowMs - 30 * dayMs, nowMs - dayMs, Date.UTC(2024, 0, 1)),
    fc.constantFrom(-1, 0, 1, 3_600_000, -5_400_000),
  )
  .map(([base, offset]) => new Date(base + offset).toISOString());
const context = fc.record({
  member: fc.oneof(randomText, fc.constant(null), fc.integer({ min: -3, max: 3 }), fc.boolean()),
  count: fc.oneof(fc.integer({ min: -3, max: 40 }), fc.constantFrom('5', '2.5', 'many', null)),
  deep: fc.oneof(
    fc.constant(undefined),
    fc.record({ list: fc.array(fc.oneof(randomText, fc.constant(0.25)), { maxLength: 2 }) }),
  ),
});

const login = fc.record({
  person: orNull(randomText),
  kind: randomText,
  score: orNull(fc.integer({ min: -3, max: 4 })),
  ratio: orNull(fc.integer({ min: -8, max: 8 }).map((eighths) => eighths / 8)),
  mfa: orNull(fc.boolean()),
  p_event_time: orNull(time),
  context: orNull(context),
  tags: orNull(fc.array(orNull(randomText), { maxLength: 3 })),
  udm: orNull(fc.record({ actor_user: orNull(randomText), source_ip: orNull(randomText) })),
});
const person = fc.record({
  person: orNull(randomText),
  rank: orNull(fc.integer({ min: 0, max: 3 })),
  since: orNull(time),
  profile: orNull(context),
});

/** Often few rows and sometimes none: an empty table is where NULLs come from. */
function rowsOf<T>(row: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
    { weight: 7, arbitrary: fc.array(row, { maxLength }) },
  );
}

/** Rows for both tables. */
export const randomRows: fc.Arbitrary<ReadonlyMap<string, readonly Row[]>> = fc
  .tuple(rowsOf(login, 14), rowsOf(person, 5))
  .map(
    ([logins, people]) =>
      new Map<string, readonly Row[]>([
        ['logins', logins.map((row, id) => ({ id, ...row }))],
        ['people', people],
      ]),
  );
