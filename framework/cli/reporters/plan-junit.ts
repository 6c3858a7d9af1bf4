import type { Plan, PlanFinding } from '../../model/plan.ts';
import { attributes, escapeXml } from './xml.ts';

/** The findings of a plan and the failed tests as JUnit XML: a case each; what is waived is skipped. */
export function renderPlanJunit(plan: Plan): string {
  const findings = plan.findings.filter(({ severity }) => severity !== 'info');
  const failed = plan.tests?.failed ?? [];
  const passed = plan.tests?.totals.passed ?? 0;
  const counts = {
    tests: findings.length + failed.length,
    failures: findings.filter(isFailure).length + failed.length,
    errors: 0,
    skipped: findings.filter((finding) => !isFailure(finding)).length,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'margay plan', ...counts })}>`,
    `  <testsuite${attributes({ name: 'plan', ...counts })}>`,
    `    <properties><property${attributes({ name: 'tests passed', value: passed })}/></properties>`,
    ...findings.map(renderFinding),
    ...failed.map(
      ({ id, name, where }) =>
        `    <testcase${attributes({ name, classname: id, file: where.file, line: where.line })}><failure${attributes({ message: 'The test fails.' })}/></testcase>`,
    ),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function isFailure({ severity, waived }: PlanFinding): boolean {
  return severity === 'error' && !waived;
}

function renderFinding(finding: PlanFinding): string {
  const { policy, id, message, hint, where, waived } = finding;
  const place = where ? { file: where.file, line: where.line } : {};
  const start = `    <testcase${attributes({ name: policy, classname: id, ...place })}>`;
  const reason = waived ? `Waived until ${waived.until}: ${waived.reason}` : `A warning: ${message}`;
  if (!isFailure(finding)) return `${start}<skipped${attributes({ message: reason })}/></testcase>`;
  return `${start}<failure${attributes({ message })}>${escapeXml(hint ?? '')}</failure></testcase>`;
}
