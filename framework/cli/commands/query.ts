import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import type { QueryResult } from '../../model/lake.ts';
import { MargayError } from '../../model/margay-error.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseCount } from '../parse-count.ts';
import { cellText } from '../reporters/cell-text.ts';
import { renderCsv } from '../reporters/csv.ts';
import { describeCost } from '../reporters/describe-cost.ts';
import { plural } from '../reporters/problems.ts';
import type { Terminal } from '../terminal.ts';

interface QueryOptions extends ConnectionOptions {
  readonly file?: string;
  readonly csv?: true;
  readonly maxRows: number;
}

/** `margay query`: SQL over the runtime's lake. `--json` prints a `QueryResult`. */
export function queryCommand(): Command {
  const command = defineCommand<QueryOptions>({
    name: 'query',
    summary: "Run SQL over the runtime's tables.",
    description: 'Runs one SELECT over events, rule_matches, alerts and the other tables, with the clock at now.',
    examples: [
      ['margay query "SELECT p_rule_id, count(*) AS n FROM rule_matches GROUP BY p_rule_id"', 'a table'],
      ['margay query --file adds.sql --csv', 'SQL from a file, the rows as CSV'],
      ['margay query - --json', 'SQL from standard input, the rows as JSON'],
    ],
    run: query,
  })
    .argument('[sql]', "The SQL; '-' reads it from standard input.")
    .option('--file <file>', 'Read the SQL from a file.')
    .option('--csv', 'Print the rows as CSV.')
    .addOption(new Option('--max-rows <n>', 'Stop after this many rows.').argParser(parseCount).default(1_000));
  return addConnectionOptions(command);
}

async function query({ args, options, terminal }: CommandInput<QueryOptions>): Promise<ExitCode> {
  if (options.csv && options.json) throw new MargayError('CLI_ARGUMENTS_INVALID', 'Choose one of --csv and --json.');
  const sql = await readSql(args[0], options.file);
  if (sql.trim() === '') {
    throw new MargayError('CLI_ARGUMENTS_INVALID', 'The SQL is empty.', {
      hint: 'margay query "SELECT count(*) AS n FROM rule_matches"',
    });
  }
  const most = 100_000;
  if (options.maxRows > most) throw new MargayError('CLI_ARGUMENTS_INVALID', `--max-rows is at most ${most}.`);
  const client = openClient(options, terminal);
  const result = await client.query(sql, options.maxRows);
  if (terminal.json) terminal.printJson(result);
  else await printRows(result, options.csv ?? false, terminal);
  if (result.truncated) {
    terminal.warn(
      terminal.noteColors.yellow(
        `truncated: there are more than these ${plural(result.rows.length, 'row')}; see --max-rows.`,
      ),
    );
  }
  return exitCodes.fine;
}

async function readSql(argument: string | undefined, file: string | undefined): Promise<string> {
  if ((argument === undefined) === (file === undefined)) {
    throw new MargayError('CLI_ARGUMENTS_INVALID', 'Give the SQL either as an argument or with --file.', {
      hint: 'margay query "SELECT count(*) AS n FROM rule_matches"',
    });
  }
  if (file === undefined) return argument === '-' ? text(process.stdin) : (argument as string);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new MargayError('CLI_FILE_UNREADABLE', `The SQL file '${file}' cannot be read.`, { cause });
  });
}

const numeric = /^(TINY|SMALL|BIG|HUGE)?INT|^INTEGER|^DOUBLE|^FLOAT|^DECIMAL/;

async function printRows(
  { columns, rows, truncated, cost }: QueryResult,
  csv: boolean,
  terminal: Terminal,
): Promise<void> {
  const names = columns.map(({ name }) => name);
  if (csv) {
    terminal.print(renderCsv(names, rows));
    return;
  }
  const { renderTable } = await import('../reporters/table.ts');
  terminal.print(
    renderTable({
      columns: columns.map(({ name, type }) => ({ name, right: numeric.test(type) })),
      rows: rows.map((row) => names.map((name) => cellText(row[name]))),
      colors: terminal.colors,
    }),
  );
  const count = `${plural(rows.length, 'row')}${truncated ? ', truncated' : ''}`;
  terminal.note(`(${count}, ${describeCost(cost)})`);
}
