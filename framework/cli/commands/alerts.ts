import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AlertStatus } from '../../model/alert.ts';
import { isLevel, type Level, levels } from '../../model/level.ts';
import type { Stage } from '../../model/rule-match.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseCount } from '../parse-count.ts';
import { renderAlertDetail } from '../reporters/alert-detail.ts';
import { plural } from '../reporters/problems.ts';

interface AlertsOptions extends ConnectionOptions {
  readonly level?: Level | `${Level}+`;
  readonly rule?: string;
  readonly status?: AlertStatus;
  readonly stage: Stage;
  readonly limit: number;
}

/** `margay alerts`: alerts, newest first (`--json`: an `AlertList`), and one in full (`--json`: an `AlertDetail`). */
export function alertsCommand(): Command {
  const list = defineCommand<AlertsOptions>({
    name: 'alerts',
    summary: 'List alerts, or show one in full.',
    examples: [
      ['margay alerts', 'the newest 50'],
      ['margay alerts --level high+ --status open', 'what somebody should look at'],
      ['margay alerts show 3f2a9c417be05d18', 'one alert with evidence and runbook'],
    ],
    run: listAlerts,
  })
    .addOption(new Option('--level <level>', "Only this level, or from it upwards: 'high+'.").argParser(parseLevel))
    .option('--rule <id>', 'Only of this detection.')
    .addOption(new Option('--status <status>', 'Only of this status.').choices(['open', 'resolved', 'closed']))
    .addOption(
      new Option('--stage <stage>', 'Those of live detections, or those that shadow detections would have raised.')
        .choices(['live', 'shadow'])
        .default('live'),
    )
    .addOption(new Option('--limit <n>', 'At most this many.').argParser(parseCount).default(50));
  const show = defineCommand<ConnectionOptions>({
    name: 'show',
    summary: 'Show one alert in full.',
    description: 'Shows one alert: what happened, the evidence, the runbook, and where it was delivered.',
    examples: [['margay alerts show 3f2a9c417be05d18', 'by its id, or the start of it']],
    run: showAlert,
  }).argument('<id>', 'The alert.');
  return addConnectionOptions(list).addCommand(addConnectionOptions(show));
}

async function listAlerts({ options, terminal }: CommandInput<AlertsOptions>): Promise<ExitCode> {
  const { level, rule: ruleId, status, stage, limit } = options;
  const list = await openClient(options, terminal).alerts({ limit, level, ruleId, status, stage });
  if (terminal.json) {
    terminal.printJson(list);
    return exitCodes.fine;
  }
  const { renderAlertTable } = await import('../reporters/alert-table.ts');
  if (list.alerts.length > 0) terminal.print(renderAlertTable(list.alerts, terminal.colors));
  terminal.note(`(${plural(list.alerts.length, 'alert')}${list.truncated ? ', there are more: see --limit' : ''})`);
  return exitCodes.fine;
}

async function showAlert({ args, options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const detail = await openClient(options, terminal).alert(args[0] as string);
  if (terminal.json) terminal.printJson(detail);
  else terminal.print(renderAlertDetail(detail, terminal.colors));
  return exitCodes.fine;
}

function parseLevel(text: string): Level | `${Level}+` {
  const level = text.endsWith('+') ? text.slice(0, -1) : text;
  if (isLevel(level)) return text as Level | `${Level}+`;
  throw new InvalidArgumentError(`Expected one of ${levels.join(', ')}, with '+' for it and above.`);
}
