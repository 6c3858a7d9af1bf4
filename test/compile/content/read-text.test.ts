import { expect, it } from 'vitest';
import { readText } from '../../../framework/compile/content/read-text.ts';
import { contentFolder } from './content-folder.ts';

it('byte order mark and CRLF do not reach the compiler', async () => {
  const root = await contentFolder({ 'a.yml': '\uFEFFa: 1\r\nb: 2\r\n' });
  expect(await readText(root, 'a.yml', 1_000)).toEqual({ text: 'a: 1\nb: 2\n' });
});

it.each([
  ['a file beyond the limit', 'a.yml', 'COMPILE_FILE_TOO_LARGE', 'The file has 2000 bytes; 1000 are the limit.'],
  ['a file that is not there', 'b.yml', 'COMPILE_FILE_UNREADABLE', expect.stringContaining('cannot be read')],
])('%s is a problem', async (_, file, code, message) => {
  const root = await contentFolder({ 'a.yml': 'x'.repeat(2_000) });
  expect(await readText(root, file, 1_000)).toEqual({
    problem: { code, message, where: { file, line: 1, col: 1 }, severity: 'error' },
  });
});
