import { MargayError } from '../../model/margay-error.ts';
import { parsePath } from '../../model/path.ts';
import type { FileReport, ReportDetails } from '../file-report.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';
import { type FieldScope, findFieldFlaw } from './field-scope.ts';

/** Whether a path is well-formed and names a field in each of the scopes; reports it where it does not. */
export function checkField(
  report: FileReport,
  at: YamlPath,
  field: string,
  scopes: readonly FieldScope[],
  { isInElement, ...details }: Pick<ReportDetails, 'atKey' | 'offset'> & { readonly isInElement?: boolean } = {},
): boolean {
  try {
    parsePath(field);
    const flaws = scopes.flatMap((scope) => {
      const flaw = findFieldFlaw(scope, field, isInElement);
      return flaw ? [{ scope, hint: flaw.hint }] : [];
    });
    if (flaws.length === 0) return true;
    const names = flaws.map(({ scope }) => scope.name).join(', ');
    report.add('COMPILE_FIELD_UNKNOWN', at, `'${field}' is not in ${names}.`, { ...details, hint: flaws[0]?.hint });
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    report.add(error.code, at, error.message, { ...details, hint: error.hint });
  }
  return false;
}
