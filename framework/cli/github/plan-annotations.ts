import { posix } from 'node:path';
import type { CheckAnnotation } from '../../gitops/github/index.ts';
import type { Where } from '../../model/margay-error.ts';
import type { Plan } from '../../model/plan.ts';

const levels = { error: 'failure', finding: 'warning', warning: 'warning', info: 'notice' } as const;

/**
 * What a plan says of lines: problems, what policies find and is not waived, and failed tests; the worst first.
 *
 * @param prefix - The folder of the content in the repository.
 */
export function planAnnotations({ problems, findings, tests }: Plan, prefix: string): readonly CheckAnnotation[] {
  const on = (where: Where | undefined, rest: Pick<CheckAnnotation, 'annotation_level' | 'title' | 'message'>) =>
    where ? [{ path: posix.join(prefix, where.file), start_line: where.line, end_line: where.line, ...rest }] : [];
  const withHint = (message: string, hint: string | undefined) => (hint ? `${message}\n${hint}` : message);
  const all: readonly CheckAnnotation[] = [
    ...(tests?.failed ?? []).flatMap(({ id, name, where }) =>
      on(where, { annotation_level: 'failure', title: 'A test fails', message: `${id} › ${name}` }),
    ),
    ...findings
      .filter(({ waived }) => !waived)
      .flatMap(({ where, severity, policy, message, hint }) =>
        on(where, { annotation_level: levels[severity], title: policy, message: withHint(message, hint) }),
      ),
    ...problems.flatMap(({ where, severity, code, message, hint }) =>
      on(where, { annotation_level: levels[severity], title: code, message: withHint(message, hint) }),
    ),
  ];
  return ['failure', 'warning', 'notice'].flatMap((level) => all.filter((it) => it.annotation_level === level));
}

const commands = { failure: 'error', warning: 'warning', notice: 'notice' } as const;

/** An annotation as a line that the runner of a workflow turns into one. It needs no token. */
export function workflowCommand({ path, start_line, annotation_level, title, message }: CheckAnnotation): string {
  const properties = { file: path, line: String(start_line), title };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${commands[annotation_level]} ${written.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
