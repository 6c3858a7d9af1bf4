import { Command } from 'commander';
import { alertsCommand } from './commands/alerts.ts';
import { backfillCommand } from './commands/backfill.ts';
import { backtestCommand } from './commands/backtest.ts';
import { backupCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { deliveriesCommand } from './commands/deliveries.ts';
import { driftCommand } from './commands/drift.ts';
import { fmtCommand } from './commands/fmt.ts';
import { githubCommand } from './commands/github.ts';
import { graphCommand } from './commands/graph.ts';
import { healthCommand } from './commands/health.ts';
import { historyCommand } from './commands/history.ts';
import { initCommand } from './commands/init.ts';
import { keyCommand } from './commands/key.ts';
import { lakeCommand } from './commands/lake.ts';
import { muteCommand, mutesCommand, unmuteCommand } from './commands/mute.ts';
import { planCommand } from './commands/plan.ts';
import { proposeCommand } from './commands/propose.ts';
import { publishCommand } from './commands/publish.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { queryCommand } from './commands/query.ts';
import { restoreCommand } from './commands/restore.ts';
import { resumeCommand, rollbackCommand } from './commands/rollback.ts';
import { rolloutCommand } from './commands/rollout.ts';
import { runCommand } from './commands/run.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { searchCommand } from './commands/search.ts';
import { sendCommand } from './commands/send.ts';
import { statusCommand } from './commands/status.ts';
import { testCommand } from './commands/test.ts';
import { tokenCommand } from './commands/token.ts';
import { typesCommand } from './commands/types.ts';

/** The whole command line. Nothing heavy is loaded before a command runs. */
export function buildProgram(version: string): Command {
  const program = new Command('margay')
    .description(
      'Detection-as-code with GitOps: write detections and scheduled queries, test them, publish them, run them.',
    )
    .version(version, '-V, --version', 'Print the version.')
    .option('--json', 'Print the result as JSON.')
    .option('-q, --quiet', 'Print results, warnings and errors only.')
    .option('--no-color', 'No colours, as with NO_COLOR=1.')
    .commandsGroup('In the repository:');
  for (const command of [initCommand(), checkCommand(), testCommand(), fmtCommand(), graphCommand(), typesCommand()])
    program.addCommand(command);
  program.commandsGroup('With a runtime:');
  for (const command of [
    runCommand(),
    backtestCommand(),
    backfillCommand(),
    planCommand(),
    publishCommand(),
    rollbackCommand(),
    resumeCommand(),
    historyCommand(),
    driftCommand(),
    healthCommand(),
    sendCommand(),
    alertsCommand(),
    deliveriesCommand(),
    queryCommand(),
    searchCommand(),
    statusCommand(),
    rolloutCommand(),
    muteCommand(),
    unmuteCommand(),
    mutesCommand(),
    quarantineCommand(),
    scheduleCommand(),
    backupCommand(),
    restoreCommand(),
    lakeCommand(),
    tokenCommand(),
    keyCommand(),
  ]) {
    program.addCommand(command);
  }
  program.commandsGroup('With GitHub:').addCommand(proposeCommand()).addCommand(githubCommand());
  program.commandsGroup('Besides:').helpCommand('help [command]', 'Print help for a command.');
  program.addHelpText('after', exitCodesHelp);
  prepare(program);
  return program;
}

const exitCodesHelp = `
Exit codes:
  0    fine
  1    findings, failed tests, records refused
  2    content or SQL is wrong
  3    arguments or configuration are wrong, or the runtime refuses or does not answer
  10   changes, under --detailed-exitcode
  70   a bug in Margay
  130  stopped by Ctrl-C`;

/** Errors are thrown and shown by us, on every level. */
function prepare(command: Command): void {
  command.exitOverride();
  command.helpOption('-h, --help', 'Print help.');
  command.configureHelp({ showGlobalOptions: true, helpWidth: 100 });
  command.configureOutput({ outputError: () => {} });
  for (const subcommand of command.commands) {
    subcommand.helpCommand(false);
    prepare(subcommand);
  }
}
