// Commits numbered rows and events and writes each number to stdout once it is acknowledged. Started by tests,
// which kill it.
import { openLake, RowPacker } from '../../../framework/dist/runtime/lake/index.js';

const [directory, start] = process.argv.slice(2);
const table = {
  name: 'acme_door',
  description: '',
  key: 'p_row_id',
  replaces: false,
  time: 'p_event_time',
  columns: [
    { name: 'p_row_id', type: 'VARCHAR' },
    { name: 'p_event_time', type: 'TIMESTAMP' },
    { name: 'door', type: 'VARCHAR' },
  ],
};

const row = (id, n) => ({ p_row_id: id, p_event_time: `2026-01-0${1 + (n % 3)}T00:00:00.000Z`, door: 'x'.repeat(100) });
const audit = (id) => ({ audit_id: id, happened_at: '2026-01-01T00:00:00.000Z', actor: 'test', action: 'test' });

try {
  const lake = await openLake({ directory, clock: { now: () => 0 } });
  lake.registerTables([table]);
  for (let n = Number(start); ; n += 1) {
    const rows = Array.from({ length: 30 }, (_, index) => row(`event-${n}-${index}`, index));
    const again = Array.from({ length: 5 }, (_, index) => row(`event-${n - 1}-${index}`, index));
    const position = { space: 'position', key: 'lake', value: n };
    let sequence = lake.reserveSequences(rows.length + again.length);
    const packer = new RowPacker(table, () => sequence++);
    for (const one of [...rows, ...again]) packer.add(one);
    await lake.writeEvents({ tables: [{ table, rows: packer.finish() }], commit: { put: [position] } });
    process.stdout.write(`lake ${n}\n`);
    const rowsOfCommit = [
      { table: 'audit', rows: [audit(`audit-${n}-a`), audit(`audit-${n}-b`), audit(`audit-${n}-a`)] },
    ];
    await lake.state.commit({ put: [{ ...position, key: 'detect' }], rows: rowsOfCommit });
    process.stdout.write(`detect ${n}\n`);
    if (n % 4 === 0) await lake.flush();
  }
} catch (error) {
  process.stdout.write(`${error.code} ${error.message}\n`);
}
