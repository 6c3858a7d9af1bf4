import { expect, it } from 'vitest';
import { compileContent } from '../../framework/compile/index.ts';
import { formatWhere, type Problem } from '../../framework/model/margay-error.ts';
import { brokenContent } from './broken-content.ts';
import { contentFolder } from './content/content-folder.ts';

it('every flaw of a broken repository is told at once, with its place and what to do', async () => {
  const root = await contentFolder(brokenContent);
  const { problems, bundle, envelope } = await compileContent({ root, types: false });
  expect(bundle).toBeUndefined();
  expect(envelope).toBeUndefined();
  await expect(`${problems.map(formatProblem).join('\n')}\n`).toMatchFileSnapshot('golden/error-texts.txt');
});

function formatProblem({ code, message, where, hint, severity }: Problem): string {
  const place = where ? formatWhere(where) : '(no place)';
  return [`${place} ${severity} ${code}`, `  ${message}`, ...(hint === undefined ? [] : [`  → ${hint}`])].join('\n');
}
