import { describe, expect, it } from 'vitest';
import { runMargay } from './run-margay.ts';

const cases: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['a misspelt command', ['chekc']],
  ['an unknown command', ['frobnicate']],
  ['a misspelt option', ['check', '--jsn']],
  ['an unknown option', ['fmt', '--frobnicate']],
  ['a missing argument', ['send', '--log-type', 'Okta.SystemLog']],
  ['a missing option', ['send', 'okta.json']],
  ['a missing value', ['send', 'okta.json', '--log-type']],
  ['too many arguments', ['status', 'now']],
  ['a value that is not one of several', ['test', '--engine', 'sqlite']],
  ['a count that is none', ['alerts', '--limit', '-5']],
  ['days that are none', ['backtest', 'okta/adds', '--days', '401']],
  ['a port that is none', ['run', '--port', '99999']],
  ['a level that is none', ['alerts', '--level', 'severe']],
  ['a time that is none', ['schedule', 'run', 'okta/adds', '--at', 'yesterday']],
  ['a URL that is none', ['status', '--url', 'localhost:7430']],
  ['SQL neither here nor there', ['query']],
  ['SQL here and there', ['query', 'SELECT 1', '--file', 'one.sql']],
  ['two formats at once', ['query', 'SELECT 1', '--csv', '--json']],
  ['empty SQL', ['query', '']],
  ['more rows than are given', ['query', 'SELECT 1', '--max-rows', '100001']],
  ['an empty indicator', ['search', '--indicator', '']],
  ['a last day before the first', ['lake', 'rebuild', 'Acme.Door', '--from', '2026-03-02', '--to', '2026-03-01']],
  ['a folder that is none', ['check', '--root', 'no/such/folder']],
  ['a token file that is none', ['status', '--token-file', 'no/such/file']],
  ['a log file that is none', ['send', 'no/such/file', '--log-type', 'Okta.SystemLog']],
  ['an SQL file that is none', ['query', '--file', 'no/such/file.sql']],
];

describe('wrong arguments exit with 3 and say what to type instead', () => {
  it.each(cases)('%s', async (name, args) => {
    const { code, stdout, stderr } = await runMargay(args);
    expect(code).toBe(3);
    if (!args.includes('--json')) expect(stdout).toBe('');
    await expect(`$ margay ${args.join(' ')}\n${stderr}`).toMatchFileSnapshot(
      `golden/arguments/${name.toLowerCase().replaceAll(' ', '-')}.txt`,
    );
  });

  it('a command that needs another shows its help', async () => {
    const { code, stderr } = await runMargay(['lake']);
    expect(code).toBe(3);
    expect(stderr).toContain('Usage: margay lake');
    expect(stderr).toContain('CLI_ARGUMENTS_INVALID');
  });

  it('with --json the error is on stdout too', async () => {
    const { code, stdout } = await runMargay(['check', '--root', 'no/such/folder', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'CLI_FILE_UNREADABLE',
        message: "'no/such/folder' is not a folder.",
        hint: "Give the folder that holds 'detections/' with '--root DIR'.",
        problems: [],
      },
    });
  });
});
