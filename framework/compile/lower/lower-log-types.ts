import { type LogField, type LogType, tableOfLogType } from '../../model/log-type.ts';
import type { Problem } from '../../model/margay-error.ts';
import { isRecord } from '../../model/path.ts';
import { standardTables } from '../../model/standard-tables.ts';
import type { ContentFile } from '../content/content-file.ts';
import { type Loaded, loadContent, loadText } from '../content/load-content.ts';
import { checkField } from '../fields/check-field.ts';
import { rawScope } from '../fields/field-scope.ts';
import { readBuiltInLogTypes } from '../package-files.ts';
import { type LogTypeContent, logTypeSchema, logTypeStandIns } from '../schema/log-type-schema.ts';
import { lowerSettings } from '../schema/log-type-settings.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';

/** The log types that there are. */
export interface LoweredLogTypes {
  readonly logTypes: ReadonlyMap<string, LogType>;
  /** The names of those whose file is too flawed, so that nothing is said of who refers to them. */
  readonly broken: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

const shape = { schema: logTypeSchema, standIns: logTypeStandIns };

/** Every log type: Margay's own, then those of the repository. */
export async function lowerLogTypes(root: string, files: readonly ContentFile[]): Promise<LoweredLogTypes> {
  const builtIn = (await readBuiltInLogTypes()).map(({ file, text }) => loadText({ file, id: file }, text, shape));
  const own = await loadContent(root, files, shape);
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
  const problems = [...builtIn.flatMap((file) => ('data' in file ? [] : file.problems)), ...own.problems];
  const broken = own.broken.flatMap((value) =>
    isRecord(value) && typeof value.logType === 'string' ? [value.logType] : [],
  );
  return {
    logTypes,
    broken: new Set(broken),
    problems: [...problems, ...loaded.flatMap(({ report }) => report.problems)],
  };
}

function lowerLogType(file: Loaded<LogTypeContent>): LogType {
  const { report } = file;
  const { logType: name, retention, archive, silentAfter, ...rest } = file.data;
  const settings = lowerSettings({ retention, archive, silentAfter });
  const logType: LogType = { name, table: tableOfLogType(name), ...rest, ...settings, fields: readFields(file) };
  for (const [field, schema] of Object.entries(file.data.fields)) {
    checkFieldSchema(file, ['fields', field], field, schema, true);
  }
  const scope = [rawScope(logType)];
  if (!report.isFlawed('eventTime')) checkField(report, ['eventTime'], logType.eventTime, scope);
  if (logType.eventId !== undefined) checkField(report, ['eventId'], logType.eventId, scope);
  for (const [common, paths] of Object.entries(logType.model)) {
    if (typeof paths === 'string') checkField(report, ['model', common], paths, scope);
    else for (const [index, path] of paths.entries()) checkField(report, ['model', common, index], path, scope);
  }
  return logType;
}

/** A flawed field may hold anything, so that its flaw is not told again by all who refer to it. */
function readFields({ data, report }: Loaded<LogTypeContent>): LogType['fields'] {
  const written = isRecord(report.yaml.value) ? report.yaml.value.fields : undefined;
  const flawed = Object.keys(isRecord(written) ? written : {}).filter((name) => report.isFlawed('fields', name));
  return { ...data.fields, ...Object.fromEntries(flawed.map((name) => [name, { type: 'json' as const }])) };
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
