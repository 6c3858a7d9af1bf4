import { describe, expect, it } from 'vitest';
import { renderJunit } from '../../../framework/cli/reporters/test-report-junit.ts';
import { renderTestReport } from '../../../framework/cli/reporters/test-report-text.ts';
import { openTerminal } from '../../../framework/cli/terminal.ts';
import { at } from '../../../framework/model/margay-error.ts';
import type { TestCaseReport, TestReport } from '../../../framework/model/test-report.ts';

const bypass = 'detections/okta/mfa-bypass-group-member-added.yml';
const adds = 'scheduled-queries/okta/mfa-bypass-adds-by-user.yml';
const base = { durationMs: 4, differences: [], problems: [], engines: [], notes: [] } as const;
const passed: TestCaseReport = {
  ...base,
  name: 'an add to the bypass group matches',
  kind: 'event',
  status: 'passed',
  where: at(bypass, 20, 5),
};

const report: TestReport = {
  files: [
    {
      file: bypass,
      id: 'okta/mfa-bypass-group-member-added',
      kind: 'detection',
      tests: [
        passed,
        {
          ...passed,
          name: 'another group does not',
          status: 'failed',
          where: at(bypass, 24, 5),
          differences: [
            { field: 'match', expected: false, actual: true },
            { field: 'title', expected: 'bart@example.com added', actual: '\u001b[31mlisa@example.com\u001b[0m added' },
            {
              field: 'context',
              expected: { member: 'bart@example.com', group: 'Bypass MFA' },
              actual: { member: 'lisa@example.com', group: 'Bypass MFA' },
            },
            { field: 'dedup', expected: 'bart@example.com', actual: undefined },
          ],
          problems: [
            {
              code: 'COMPILE_FIELD_UNKNOWN',
              message: "`rule` threw TypeError: Cannot read properties of undefined (reading 'x').",
              where: at('detections/okta/mfa-bypass-group-member-added.ts', 4, 12),
              hint: 'Write event.target?.x.',
              severity: 'error',
            },
          ],
        },
      ],
    },
    {
      file: adds,
      id: 'okta/mfa-bypass-adds-by-user',
      kind: 'query',
      tests: [
        {
          ...base,
          name: 'a third add in 30 days makes one alert & "no more" <than that>',
          kind: 'timeline',
          status: 'failed',
          durationMs: 1_240,
          where: at(adds, 30, 5),
          engines: ['duckdb', 'alasql'],
          differences: [
            { field: 'alerts', expected: [{ level: 'high' }], actual: [], where: at(adds, 44, 9) },
            { field: 'rows', expected: [], actual: [{ member: 'bart@example.com', adds: 3 }], where: at(adds, 44, 9) },
          ],
        },
        {
          ...base,
          name: 'two adds make none',
          kind: 'timeline',
          status: 'passed',
          durationMs: 110,
          where: at(adds, 50, 5),
          engines: ['duckdb'],
          notes: ['okta/mfa-bypass-adds-by-user runs on DuckDB alone: alasql has no approx_count_distinct'],
        },
      ],
    },
    {
      file: 'detections/okta/off.yml',
      id: 'okta/off',
      kind: 'detection',
      tests: [
        {
          ...passed,
          status: 'skipped',
          durationMs: 0,
          where: at('detections/okta/off.yml', 9, 5),
          notes: ['okta/off is off'],
        },
      ],
    },
  ],
  problems: [
    {
      code: 'COMPILE_TEST_MISSING',
      message: 'okta/off has no test that does not match.',
      where: at('detections/okta/off.yml', 1, 1),
      severity: 'finding',
    },
  ],
  totals: { passed: 2, failed: 2, skipped: 1, durationMs: 1_430 },
};

const broken: TestReport = {
  files: [],
  problems: [
    {
      code: 'COMPILE_KEY_UNKNOWN',
      message: "'levle' is not a key of a detection.",
      where: at(bypass, 2, 1),
      hint: "Did you mean 'level'?",
      severity: 'error',
    },
  ],
  totals: { passed: 0, failed: 0, skipped: 0, durationMs: 12 },
};

describe('for people', () => {
  it.each([
    ['failures', report],
    ['content that does not compile', broken],
    [
      'green',
      {
        ...report,
        files: report.files.map((file) => ({ ...file, tests: [passed] })),
        problems: [],
        totals: { passed: 3, failed: 0, skipped: 0, durationMs: 40 },
      },
    ],
  ])('%s', async (name, shown) => {
    const text = renderTestReport({ report: shown, root: '/nowhere', colors: openTerminal({ color: false }).colors });
    await expect(`${text}\n`).toMatchFileSnapshot(`../golden/test-report/${name.replaceAll(' ', '-')}.txt`);
  });
});

describe('as JUnit XML', () => {
  it.each([
    ['failures', report],
    ['content that does not compile', broken],
  ])('%s', async (name, shown) => {
    await expect(renderJunit(shown)).toMatchFileSnapshot(`../golden/test-report/${name.replaceAll(' ', '-')}.xml`);
  });

  it('holds no character that XML forbids', () => {
    const { files } = report;
    const [file] = files;
    const hostile = `\u0000\u001b]]>\ud800 <b>"&`;
    const xml = renderJunit({ ...report, files: [{ ...(file as TestReport['files'][number]), id: hostile }] });
    expect(xml).toContain('name="\\u0000\\u001b]]&gt;\\ud800 &lt;b&gt;&quot;&amp;"');
  });
});
