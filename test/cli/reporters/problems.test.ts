import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countProblems, renderError, renderProblems } from '../../../framework/cli/reporters/problems.ts';
import { openTerminal } from '../../../framework/cli/terminal.ts';
import { at, MargayError, type Problem } from '../../../framework/model/margay-error.ts';

const colors = openTerminal({ color: false }).colors;
let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-problems-'));
  mkdirSync(join(root, 'detections/okta'), { recursive: true });
  writeFileSync(
    join(root, 'detections/okta/bypass.yml'),
    'title: Bypass\nlevle: high\ndetection:\n  added:\n    eventTyp: group.user_membership.add\n  condition: added\n',
  );
});
afterAll(() => rmSync(root, { recursive: true }));

const problems: readonly Problem[] = [
  {
    code: 'COMPILE_KEY_UNKNOWN',
    message: "'levle' is not a key of a detection.",
    where: at('detections/okta/bypass.yml', 2, 1),
    hint: "Did you mean 'level'?",
    severity: 'error',
  },
  {
    code: 'COMPILE_FIELD_UNKNOWN',
    message: "Okta.SystemLog has no field 'eventTyp'.\nIt has 'eventType'.",
    where: at('detections/okta/bypass.yml', 5, 5),
    severity: 'error',
  },
  {
    code: 'COMPILE_FILE_UNREADABLE',
    message: 'The file cannot be read.',
    where: at('detections/okta/gone.yml', 1, 1),
    severity: 'error',
  },
  { code: 'COMPILE_CONTENT_MISSING', message: 'The folder holds no content.', severity: 'finding' },
];

it('groups problems by file, each with place, code, frame and hint', async () => {
  await expect(`${renderProblems({ problems, root, colors })}\n`).toMatchFileSnapshot('../golden/problems.txt');
});

it.each([
  [problems, '3 errors, 1 finding'],
  [problems.slice(0, 1), '1 error'],
  [problems.slice(3), '1 finding'],
  [[], 'no problems'],
])('counts problems: %#', (counted, text) => {
  expect(countProblems(counted)).toBe(text);
});

it('shows an error with everything behind it', async () => {
  const error = new MargayError('COMPILE_BUNDLE_INVALID', 'The bundle\nis refused.', {
    hint: 'Publish it again.',
    where: at('margay.config.ts', 3, 7),
    problems: problems.slice(0, 2),
  });
  await expect(`${renderError(error, colors)}\n`).toMatchFileSnapshot('../golden/error.txt');
});
