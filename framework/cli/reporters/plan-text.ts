import { formatWhere } from '../../model/margay-error.ts';
import type { Plan, PlanBacktest, PlanFinding, PlanItem } from '../../model/plan.ts';
import type { Colors } from '../terminal.ts';
import { visibleLine, visibleText } from '../visible-text.ts';
import { describePlanMute } from './describe-mute.ts';
import { describeDrift } from './drift-text.ts';
import {
  changeSigns,
  countChanges,
  countFindings,
  describeBacktest,
  describeBase,
  describeChange,
  describeFields,
  shortDigest,
} from './plan-words.ts';
import { plural } from './problems.ts';
import { renderTable } from './table.ts';

/** A plan for a terminal: what changes, field by field, whom it reaches, what was tried, what policies say. */
export function renderPlan(plan: Plan, colors: Colors): string {
  const blocks = [
    `${colors.bold('margay plan')}  ${shortDigest(plan.bundle.digest)} against ${visibleLine(describeBase(plan.base))}`,
    [...plan.items.map((item) => renderItem(item, colors)), ...renderAffected(plan, colors)].join('\n'),
    renderTried(plan, colors),
    renderFindings(plan.findings, colors),
    plan.drift ? `${colors.yellow('Drift')}     ${visibleLine(describeDrift(plan.drift))}` : '',
    (plan.mutes ?? []).map((mute) => `${colors.yellow('Muted')}     ${visibleLine(describePlanMute(mute))}`).join('\n'),
    renderSummary(plan, colors),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function renderItem(item: PlanItem, colors: Colors): string {
  const paint = { added: colors.green, changed: colors.yellow, removed: colors.red }[item.change];
  const owners = item.owners.length > 0 ? colors.dim(`  ${visibleLine(item.owners.join(' '))}`) : '';
  const head = `${paint(changeSigns[item.change])} ${item.kind.padEnd(11)} ${colors.bold(visibleLine(item.id))}`;
  const fields = describeFields(item).flatMap((field) => [
    `      ${visibleLine(field.head)}`,
    ...field.lines.map((line) => `        ${paintLine(visibleText(line), colors)}`),
  ]);
  const title = item.change === 'added' ? [colors.dim(`      ${visibleLine(item.title)}`)] : [];
  return [`  ${head}  ${visibleLine(describeChange(item))}${owners}`, ...title, ...fields].join('\n');
}

function paintLine(line: string, colors: Colors): string {
  if (line.startsWith('- ')) return colors.red(line);
  return line.startsWith('+ ') ? colors.green(line) : colors.dim(line);
}

function renderAffected({ affected }: Plan, colors: Colors): readonly string[] {
  return affected.map(
    ({ kind, id, because }) =>
      `  ${colors.cyan('↷')} ${kind.padEnd(11)} ${visibleLine(id)}  ${colors.dim(`reads from ${visibleLine(because.join(', '))}`)}`,
  );
}

function renderTried({ tests, backtests, coverage }: Plan, colors: Colors): string {
  const { before, after, gained, lost } = coverage;
  const techniques = [...gained.map((it) => colors.green(`+${it}`)), ...lost.map((it) => colors.red(`-${it}`))];
  const lines = [
    ...(tests ? [`Tests     ${tests.totals.passed} passed, ${tests.totals.failed} failed`] : []),
    ...(tests?.failed ?? []).map(
      ({ id, name, where }) => `  ${colors.red('✘')} ${visibleLine(`${id} › ${name}`)}  ${formatWhere(where)}`,
    ),
    ...(techniques.length > 0 ? [`ATT&CK    ${before} → ${plural(after, 'technique')}  ${techniques.join(' ')}`] : []),
  ];
  const table = backtests.length === 0 ? '' : renderBacktests(backtests, colors);
  return [lines.join('\n'), table].filter((part) => part !== '').join('\n\n');
}

function renderBacktests(backtests: readonly PlanBacktest[], colors: Colors): string {
  const rows = backtests.map((backtest) => {
    const { counts, rest } = describeBacktest(backtest);
    return [backtest.detectionId, ...counts, rest];
  });
  const names = ['matches live', 'new', 'only live', 'only new', 'alerts live', 'new'];
  const days = backtests.find(({ figures }) => figures)?.figures?.days;
  const columns = [
    { name: days === undefined ? 'backtest' : `backtest, ${days} days` },
    ...names.map((name) => ({ name, right: true })),
    { name: '' },
  ];
  return renderTable({ columns, rows, colors });
}

/** What policies found, with what to do. */
export function renderFindings(findings: readonly PlanFinding[], colors: Colors): string {
  return findings.map((finding) => renderFinding(finding, colors)).join('\n');
}

function renderFinding({ severity, policy, message, hint, where, waived }: PlanFinding, colors: Colors): string {
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const word = waived ? colors.dim(`waived until ${waived.until}`) : paint(severity === 'info' ? 'note' : severity);
  const place = where ? `  ${colors.cyan(visibleLine(formatWhere(where)))}` : '';
  const rest = waived ? `reason: ${waived.reason}` : hint && `hint: ${hint}`;
  return [
    `${word} ${colors.bold(policy)}  ${visibleLine(message)}${place}`,
    ...(rest ? [colors.dim(`  ${visibleLine(rest)}`)] : []),
  ].join('\n');
}

function renderSummary(plan: Plan, colors: Colors): string {
  const found = countFindings(plan);
  const verdict = plan.blocked ? colors.red(' This plan cannot be published.') : '';
  if (plan.items.length === 0) return `No changes${found === '' ? '.' : `; ${found}.`}${verdict}`;
  return `${colors.bold('Plan:')} ${countChanges(plan)}${found === '' ? '' : `; ${found}`}.${verdict}`;
}
