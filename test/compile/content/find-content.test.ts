import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findContent } from '../../../framework/compile/content/find-content.ts';
import { contentFolder } from './content-folder.ts';

it('content is listed by id, whatever the order on disk, without what is not content', async () => {
  const root = await contentFolder({
    'detections/okta/b.yml': '',
    'detections/okta/b.ts': '',
    'detections/okta/_shared.ts': '',
    'detections/okta/a.yaml': '',
    'detections/Zoom/c.yml': '',
    'detections/README.md': '',
    'detections/node_modules/x/d.yml': '',
    'detections/.hidden/e.yml': '',
    'detections/dist/f.yml': '',
    'scheduled-queries/okta/q.yml': '',
    'log-types/own.yml': '',
    'margay.config.ts': '',
  });
  const found = await findContent(root);
  expect(found.problems).toEqual([]);
  expect(found.detections.map(({ id }) => id)).toEqual(['Zoom/c', 'okta/a', 'okta/b']);
  expect(found.detections.map(({ file }) => file)).toEqual([
    'detections/Zoom/c.yml',
    'detections/okta/a.yaml',
    'detections/okta/b.yml',
  ]);
  expect(found.code).toEqual([{ file: 'detections/okta/b.ts', id: 'okta/b' }]);
  expect(found.queries).toEqual([{ file: 'scheduled-queries/okta/q.yml', id: 'okta/q' }]);
  expect(found.logTypes).toEqual([{ file: 'log-types/own.yml', id: 'own' }]);
  expect(found.config).toBe('margay.config.ts');
});

it.each([
  [
    'code without YAML',
    { 'detections/a/lgin.ts': '', 'detections/a/login.yml': '' },
    'COMPILE_CODE_ORPHAN',
    "Did you mean 'a/login'?",
  ],
  [
    'code without YAML or likeness',
    { 'detections/b.ts': '' },
    'COMPILE_CODE_ORPHAN',
    "Write the YAML file, or begin the name with '_' if several detections import it.",
  ],
  [
    'two endings',
    { 'detections/a.yml': '', 'detections/a.yaml': '' },
    'COMPILE_ID_CLASH',
    'Rename or remove one of them.',
  ],
  [
    'case alone',
    { 'scheduled-queries/A.yml': '', 'scheduled-queries/a.yml': '' },
    'COMPILE_ID_CLASH',
    'Rename or remove one of them.',
  ],
  ['a blank in a name', { 'detections/a b.yml': '' }, 'COMPILE_ID_INVALID', "Rename it to 'a-b'."],
  [
    'an empty folder',
    {},
    'COMPILE_CONTENT_MISSING',
    'Run it in the root of the content repository, or name that folder.',
  ],
])('%s is a problem', async (_, files, code, hint) => {
  const { problems } = await findContent(await contentFolder(files));
  expect(problems).toEqual([expect.objectContaining({ code, hint, severity: 'error' })]);
});

it('symbolic links are reported, not followed', async () => {
  const root = await contentFolder({ 'detections/a.yml': '' });
  await symlink('/etc/hostname', join(root, 'detections/b.yml'));
  const { problems, detections } = await findContent(root);
  expect(detections.map(({ id }) => id)).toEqual(['a']);
  expect(problems).toEqual([
    expect.objectContaining({ code: 'COMPILE_FILE_UNREADABLE', where: { file: 'detections/b.yml', line: 1, col: 1 } }),
  ]);
});
