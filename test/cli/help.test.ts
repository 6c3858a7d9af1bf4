import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../framework/cli/build-program.ts';
import { type RunResult, runMargay } from './run-margay.ts';

const commands: readonly (readonly string[])[] = [
  [],
  ['init'],
  ['check'],
  ['test'],
  ['fmt'],
  ['graph'],
  ['types'],
  ['run'],
  ['plan'],
  ['publish'],
  ['rollback'],
  ['resume'],
  ['history'],
  ['drift'],
  ['health'],
  ['backtest'],
  ['backfill'],
  ['send'],
  ['alerts'],
  ['alerts', 'show'],
  ['deliveries'],
  ['deliveries', 'replay'],
  ['query'],
  ['search'],
  ['status'],
  ['rollout'],
  ['rollout', 'promote'],
  ['mute'],
  ['unmute'],
  ['mutes'],
  ['quarantine'],
  ['quarantine', 'lift'],
  ['backup'],
  ['restore'],
  ['schedule'],
  ['schedule', 'run'],
  ['lake'],
  ['lake', 'rebuild'],
  ['propose'],
  ['github'],
  ['github', 'comment'],
  ['github', 'deployment'],
  ['github', 'setup'],
  ['token'],
  ['token', 'create'],
  ['token', 'list'],
  ['token', 'revoke'],
  ['key'],
  ['key', 'create'],
];

const printed = new Map<string, Promise<RunResult>>();

/** What a command prints with `--help`, asked for once. */
function help(command: readonly string[]): Promise<RunResult> {
  const name = command.join(' ');
  const known = printed.get(name) ?? runMargay([...command, '--help']);
  printed.set(name, known);
  return known;
}

describe('help', () => {
  it.each(commands.map((command) => [['margay', ...command].join(' '), command] as const))(
    'of %s',
    async (name, command) => {
      const { code, stdout, stderr } = await help(command);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      await expect(stdout).toMatchFileSnapshot(`golden/help/${name.replaceAll(' ', '-')}.txt`);
    },
  );

  it('comes when nothing else is said', async () => {
    const { code, stdout } = await runMargay([]);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: margay');
  });

  it('prints the version of the package', async () => {
    const manifest = JSON.parse(readFileSync(new URL('../../framework/package.json', import.meta.url), 'utf8'));
    expect(await runMargay(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('has examples for every command that does something', async () => {
    for (const command of commands) {
      const { stdout } = await help(command);
      const isGroup = stdout.includes('[command]');
      if (!isGroup) expect(examplesIn(stdout), command.join(' ')).not.toEqual([]);
    }
  });

  it('shows examples that parse', async () => {
    for (const command of commands) {
      const { stdout } = await help(command);
      for (const example of examplesIn(stdout)) {
        const [name, ...args] = words(example.replace(/ < \S+$/, ''));
        expect(name).toBe('margay');
        const program = buildProgram('0.0.0');
        const ran: string[] = [];
        silence(program, ran);
        await program.parseAsync(args, { from: 'user' });
        expect(ran, example).toHaveLength(1);
      }
    }
  });
});

/** Replaces every action, so that an example is parsed and nothing runs. */
function silence(command: ReturnType<typeof buildProgram>, ran: string[]): void {
  for (const subcommand of command.commands) {
    if (
      subcommand.commands.length === 0 ||
      ['alerts', 'deliveries', 'quarantine', 'rollout', 'schedule'].includes(subcommand.name())
    ) {
      subcommand.action(() => void ran.push(subcommand.name()));
    }
    silence(subcommand as ReturnType<typeof buildProgram>, ran);
  }
}

function examplesIn(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}\$ (.+)$/gm)].map((found) => found[1] as string);
}

/** The words of a shell command with double quotes only. */
function words(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((found) => found[1] ?? (found[2] as string));
}
