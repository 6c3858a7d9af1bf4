import { type LogField, type LogType, tableOfLogType } from '../../model/log-type.ts';
import type { Problem } from '../../model/margay-error.ts';
import { standardTables } from '../../model/standard-tables.ts';
import type { ContentFile } from '../content/find-content.ts';
import { type Loaded, loadContent, loadText } from '../content/load-content.ts';
import { checkField } from '../fields/check-field.ts';
import { rawScope } from '../fields/field-scope.ts';
import { readBuiltInLogTypes } from '../package-files.ts';
import { type LogTypeContent, logTypeSchema } from '../schema/log-type-schema.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';

/** Every log type: Margay's own, then those of the repository. */
export async function lowerLogTypes(
  root: string,
  files: readonly ContentFile[],
): Promise<{ readonly logTypes: ReadonlyMap<string, LogType>; readonly problems: readonly Problem[] }> {
  const builtIn = (await readBuiltInLogTypes()).map(({ file, text }) =>
    loadText({ file, id: file }, text, logTypeSchema),
  );
  const own = await loadContent(root, files, logTypeSchema);
  const loaded = [...builtIn.filter((file) => 'data' in file), ...own.loaded];
  const logTypes = new Map<string, LogType>();
  const tables = new Map(standardTables.map(({ name }) => [name, `the table '${name}' of every runtime`]));
  for (const file of loaded) {
    const logType = lowerLogType(file);
    const taken = tables.get(logType.table);
    if (taken === undefined) {
      logTypes.set(logType.name, logType);
      tables.set(logType.table, `the log type '${logType.name}' (${file.file})`);
    } else {
      const message = `'${logType.name}' has the table '${logType.table}', which is that of ${taken}.`;
      file.report.add('COMPILE_LOG_TYPE_CLASH', ['logType'], message, { hint: 'Give it another name.' });
    }
  }
  const broken = builtIn.flatMap((file) => ('data' in file ? [] : file.problems));
  return { logTypes, problems: [...broken, ...own.problems, ...loaded.flatMap(({ report }) => report.problems)] };
}

function lowerLogType(file: Loaded<LogTypeContent>): LogType {
  const { logType: name, ...rest } = file.data;
  const logType: LogType = { name, table: tableOfLogType(name), ...rest };
  for (const [field, schema] of Object.entries(logType.fields))
    checkFieldSchema(file, ['fields', field], field, schema, true);
  const scope = [rawScope(logType)];
  checkField(file.report, ['eventTime'], logType.eventTime, scope);
  if (logType.eventId !== undefined) checkField(file.report, ['eventId'], logType.eventId, scope);
  for (const [common, paths] of Object.entries(logType.model)) {
    if (typeof paths === 'string') checkField(file.report, ['model', common], paths, scope);
    else for (const [index, path] of paths.entries()) checkField(file.report, ['model', common, index], path, scope);
  }
  return logType;
}

function checkFieldSchema(
  file: Loaded<LogTypeContent>,
  path: YamlPath,
  name: string,
  field: LogField,
  isTop: boolean,
): void {
  const { report } = file;
  if (isTop && (name === 'udm' || name.startsWith('p_'))) {
    const message = `'${name}' is a name of a standard field; a log type declares the vendor's own.`;
    report.add('COMPILE_VALUE_INVALID', path, message, {
      atKey: true,
      hint: "Common fields are mapped under 'model'.",
    });
  }
  if (field.fields && field.type !== 'object') reportMisplaced(file, [...path, 'fields'], 'object', field.type);
  if (field.items && field.type !== 'array') reportMisplaced(file, [...path, 'items'], 'array', field.type);
  for (const [inner, schema] of Object.entries(field.fields ?? {}))
    checkFieldSchema(file, [...path, 'fields', inner], inner, schema, false);
  if (field.items) checkFieldSchema(file, [...path, 'items'], name, field.items, false);
}

function reportMisplaced(file: Loaded<LogTypeContent>, path: YamlPath, expected: string, found: string): void {
  const message = `'${path.at(-1)}' belongs to the type ${expected}, and this field is of type ${found}.`;
  file.report.add('COMPILE_COMBINATION_INVALID', path, message, { atKey: true, hint: `Write 'type: ${expected}'.` });
}
