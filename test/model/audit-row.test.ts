import { describe, expect, it } from 'vitest';
import { auditRow } from '../../framework/model/audit-row.ts';

const entry = {
  ...{ action: 'publish', actor: 'deploy', digest: 'sha256:1', detail: { serial: 2, commit: 'c' } },
  atMs: Date.UTC(2026, 0, 2),
};

describe('a row of audit', () => {
  it('says who did what, with which bundle, and when', () => {
    expect(auditRow(entry)).toEqual({
      ...{ audit_id: expect.stringMatching(/^[0-9a-f]{32}$/), happened_at: '2026-01-02T00:00:00.000Z' },
      ...{ actor: 'deploy', action: 'publish', digest: 'sha256:1', detail: { serial: 2, commit: 'c' } },
    });
  });

  it('is the same for the same entry, however its detail is ordered', () => {
    expect(auditRow({ ...entry, detail: { commit: 'c', serial: 2 } }).audit_id).toBe(auditRow(entry).audit_id);
  });

  it.each([
    { action: 'rollback' },
    { actor: 'dana' },
    { digest: undefined },
    { detail: { serial: 3, commit: 'c' } },
    { atMs: entry.atMs + 1 },
  ])('is another one with %o', (other) => {
    expect(auditRow({ ...entry, ...other }).audit_id).not.toBe(auditRow(entry).audit_id);
  });
});
