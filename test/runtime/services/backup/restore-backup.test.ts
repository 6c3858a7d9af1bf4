import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import add from '../../../../fixtures/okta/group-membership-add.json' with { type: 'json' };
import { type BackupManifest, manifestName } from '../../../../framework/model/backup.ts';
import { restoreBackup } from '../../../../framework/runtime/services/backup/restore-backup.ts';
import { saveBackup } from '../../../../framework/runtime/services/backup/save-backup.ts';
import { tarEnd, tarHeader } from '../../../../framework/runtime/services/backup/tar-header.ts';
import { openStory, type Story } from '../open-story.ts';

let folder: string;
let story: Story;
let tar: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-restore-'));
  story = await openStory();
  await story.publish();
  await story.send([add]);
  expect(await story.query("SELECT count(*) AS n FROM okta_systemlog WHERE p_occurs_since('3650 days')")).toEqual([
    { n: 1 },
  ]);
  const archived = join(story.directory, 'archive/Okta.SystemLog/2026-01-01');
  mkdirSync(archived, { recursive: true });
  writeFileSync(join(archived, '0000000000000000.json.gz'), 'batches as they were sent');
  await saveBackup((await story.client.backup()).chunks, join(folder, 'whole.tar'));
  await saveBackup((await story.client.backup()).chunks, join(folder, 'whole'));
  tar = readFileSync(join(folder, 'whole.tar'));
}, 120_000);
afterAll(async () => {
  await story.close();
  rmSync(folder, { recursive: true, force: true });
});

let number = 0;
let scene: string;
beforeEach(() => {
  number += 1;
  scene = join(folder, `scene-${number}`);
  mkdirSync(scene);
});

function readManifest(): BackupManifest {
  return JSON.parse(readFileSync(join(folder, 'whole', manifestName), 'utf8')) as BackupManifest;
}

/** A copy of the whole backup, with a change. */
function changed(change: (backup: string, manifest: BackupManifest) => void): string {
  const backup = join(scene, 'backup');
  cpSync(join(folder, 'whole'), backup, { recursive: true });
  change(backup, readManifest());
  return backup;
}

function tarFile(content: Uint8Array): string {
  const file = join(scene, 'backup.tar');
  writeFileSync(file, content);
  return file;
}

describe('a backup', () => {
  it('holds log, state and parts, and is noted in the audit', async () => {
    const { files, format, version } = readManifest();
    expect({ format, version }).toEqual({ format: 'margay-backup', version: 1 });
    const rooms = [...new Set(files.map(({ name }) => name.replace(/[^/]*$/, '')))];
    expect(rooms).toEqual(['state/', 'log/', ...rooms.slice(2)]);
    expect(rooms).toContain('lake/parts/okta_systemlog/');
    expect(rooms).toContainEqual(expect.stringMatching(/^archive\/Okta\.SystemLog\/\d{4}-\d\d-\d\d\/$/));
    const audit = await story.query("SELECT actor, action FROM audit WHERE action = 'backup'");
    expect(audit).toEqual(Array(2).fill({ actor: 'api 127.0.0.1', action: 'backup' }));
  });

  it('is written nowhere where something is already', async () => {
    await expect(saveBackup((await story.client.backup()).chunks, join(folder, 'whole'))).rejects.toMatchObject({
      code: 'RUNTIME_TARGET_OCCUPIED',
    });
  });

  it('that breaks off leaves nothing', async () => {
    for (const name of ['broken.tar', 'broken']) {
      const chunks = (async function* () {
        yield tar.subarray(0, tar.length / 2);
      })();
      const saved = saveBackup(chunks, join(scene, name));
      await expect(saved).rejects.toMatchObject({ code: 'RUNTIME_BACKUP_BROKEN' });
    }
    expect(readdirSync(scene)).toEqual([]);
  });

  it('whose reader leaves lets go of what it held', async () => {
    for (let i = 0; i < 3; i++) for await (const _ of (await story.client.backup()).chunks) break;
    await story.restart();
    expect(await story.query("SELECT count(*) AS n FROM okta_systemlog WHERE p_occurs_since('3650 days')")).toEqual([
      { n: 1 },
    ]);
  });
});

describe('a restore', () => {
  it.each(['whole', 'whole.tar'])('of %s makes a data folder, also where an empty one is', async (name) => {
    const data = join(scene, 'data');
    mkdirSync(data);
    const report = await restoreBackup(join(folder, name), data);
    expect(report.target).toBe(data);
    expect(readdirSync(data).sort()).toEqual(['archive', 'lake', 'log']);
    expect(readdirSync(scene)).toEqual(['data']);
  });

  it.each<readonly [what: string, make: () => string, code: string, message: string]>([
    [
      'a file that changed',
      () =>
        changed((backup, { files }) => {
          const part = join(backup, files.find(({ name }) => name.startsWith('lake/'))?.name ?? '');
          const bytes = readFileSync(part);
          bytes[40] = (bytes[40] ?? 0) ^ 1;
          writeFileSync(part, bytes);
        }),
      'RUNTIME_BACKUP_BROKEN',
      'its checksum differs',
    ],
    [
      'files that are missing or short',
      () =>
        changed((backup, { files }) => {
          rmSync(join(backup, files[0]?.name ?? ''));
          writeFileSync(join(backup, files[1]?.name ?? ''), 'short');
        }),
      'RUNTIME_BACKUP_BROKEN',
      'state/00000001.ndjson is missing. (and 1 more)',
    ],
    ['an archive cut short', () => tarFile(tar.subarray(0, 3_000)), 'RUNTIME_BACKUP_BROKEN', 'ends before its end'],
    [
      'an archive without a manifest',
      () => tarFile(Buffer.concat([tarHeader('state/00000001.ndjson', 0, 0), tarEnd])),
      'RUNTIME_BACKUP_BROKEN',
      'which is written last',
    ],
    ['something else', () => tarFile(Buffer.alloc(2_048, 'x')), 'RUNTIME_BACKUP_FOREIGN', 'no tar archive'],
    [
      'an archive of other things',
      () => tarFile(Buffer.concat([tarHeader('../../evil.sh', 0, 0), tarEnd])),
      'RUNTIME_BACKUP_FOREIGN',
      "it holds '../../evil.sh'",
    ],
    [
      'a manifest that leads elsewhere',
      () =>
        changed((backup, manifest) => {
          const files = [{ name: 'log/../../secret', bytes: 1, sha256: '' }];
          writeFileSync(join(backup, manifestName), JSON.stringify({ ...manifest, files }));
        }),
      'RUNTIME_BACKUP_FOREIGN',
      'another shape',
    ],
    [
      'a backup of a later version',
      () =>
        changed((backup, manifest) =>
          writeFileSync(join(backup, manifestName), JSON.stringify({ ...manifest, version: 2 })),
        ),
      'RUNTIME_BACKUP_FOREIGN',
      'it has version 2, and this Margay reads 1',
    ],
    ['a folder of something else', () => scene, 'RUNTIME_BACKUP_FOREIGN', `no ${manifestName}`],
    ['nothing', () => join(scene, 'nowhere'), 'RUNTIME_BACKUP_FOREIGN', 'There is no backup at'],
  ])('of %s is refused, and nothing is written', async (_what, make, code, message) => {
    const backup = make();
    const before = readdirSync(scene);
    await expect(restoreBackup(backup, join(scene, 'data'))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(readdirSync(scene)).toEqual(before);
  });

  it('writes into nothing that is not empty', async () => {
    const refused = { code: 'RUNTIME_TARGET_OCCUPIED' };
    await expect(restoreBackup(join(folder, 'whole'), story.directory)).rejects.toMatchObject(refused);
    await expect(restoreBackup(join(folder, 'whole'), join(folder, 'whole.tar'))).rejects.toMatchObject(refused);
    expect(existsSync(join(story.directory, 'lake', 'state.duckdb'))).toBe(true);
  });
});
