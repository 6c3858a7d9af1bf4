import { realpathSync } from 'node:fs';
import type { ts } from 'ts-morph';
import type { z } from 'zod';
import type { Bundle } from '../../model/bundle.ts';
import type { Destination, Routing } from '../../model/destination.ts';
import { selectLevels } from '../../model/level.ts';
import type { LogType } from '../../model/log-type.ts';
import type { Problem, Where } from '../../model/margay-error.ts';
import { isRecord } from '../../model/path.ts';
import type { PolicySettings } from '../../model/plan.ts';
import { suggest } from '../../model/suggest.ts';
import { FileReport } from '../file-report.ts';
import { checkShape } from '../schema/check-shape.ts';
import { lowerSettings } from '../schema/log-type-settings.ts';
import { configSchema, type DestinationType, destinationSchemas } from './config-schema.ts';
import { evaluateScript } from './evaluate-script.ts';
import { lintFiles } from './lint-purity.ts';
import { findFaultyModules } from './load-bundle.ts';
import { defaultExport, locateInLiteral } from './locate-in-literal.ts';
import { loadModules, type ModuleGraph } from './module-graph.ts';
import { pathBelow, whereOf } from './read-source.ts';
import { runEsbuild } from './run-esbuild.ts';

/** Where alerts go when `margay.config.ts` says nothing: a new user sees them on the runtime's standard output. */
export const defaultRouting: Routing = {
  destinations: [{ name: 'stdout', type: 'stdout', levels: selectLevels(['low+']), settings: {} }],
  defaultDestination: 'stdout',
};

/** What the configuration sets of a log type, of which it is not known yet whether there is one. */
export interface ConfiguredLogType {
  readonly name: string;
  readonly settings: Pick<LogType, 'retentionMs' | 'archiveMs' | 'silentAfterMs'>;
  readonly where: Where;
}

/** What the configuration says: where alerts go, and how long what is kept. With problems, as far as it is sound. */
export interface EvaluatedConfig {
  readonly routing: Routing;
  readonly logTypes: readonly ConfiguredLogType[];
  readonly retention: Bundle['retention'];
  /** For plans; no runtime needs them. */
  readonly policies: PolicySettings;
  /** What it is made of, below the root. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Reads `margay.config.ts` by running it, purely: it may compute, but sees neither environment nor files. Its
 * purity is linted here. A secret in plain text is a problem, and its text is in no message.
 *
 * @param input.file - `undefined`: there is no such file.
 * @defaultValue Without the file: alerts of level low and above go to standard output.
 */
export async function evaluateConfig(input: {
  readonly root: string;
  readonly file: string | undefined;
}): Promise<EvaluatedConfig> {
  if (input.file === undefined) return { ...byDefault([]), files: [] };
  const root = realpathSync(input.root);
  const file = pathBelow(input.root, input.file);
  const graph = loadModules(root, [file]);
  return { ...(await evaluate(root, file, graph)), files: [...graph.modules.keys()].sort() };
}

type Evaluated = Omit<EvaluatedConfig, 'files'>;

async function evaluate(root: string, file: string, graph: ModuleGraph): Promise<Evaluated> {
  const source = graph.modules.get(file)?.source;
  const exported = source && defaultExport(source);
  const problems = [...graph.problems, ...lintFiles(root, [...graph.modules.keys()])];
  if (!exported && problems.length === 0)
    problems.push(noExport({ file, line: 1, col: 1 }, 'There is no default export'));
  if (!exported || problems.length > 0) return byDefault(problems);
  const loaded = await loadConfig(root, file);
  if (!('value' in loaded)) {
    const where = whereOf(root, exported);
    const told =
      loaded.problems.length > 0 ? loaded.problems : [noExport(where, 'The default export is no plain data')];
    return byDefault(told);
  }
  const report = reportOn(root, exported);
  const config = checkShape(configSchema, loaded.value, report);
  return config ? lowerConfig(config, report) : byDefault(report.problems);
}

function byDefault(problems: readonly Problem[]): Evaluated {
  return { routing: defaultRouting, logTypes: [], retention: {}, policies: { severities: {}, waivers: [] }, problems };
}

type LoadedConfig = { readonly value: object } | { readonly problems: readonly Problem[] };

async function loadConfig(root: string, file: string): Promise<LoadedConfig> {
  const contents = `import config from ${JSON.stringify(`./${file}`)};\nexport default JSON.stringify(config);\n`;
  const built = await runEsbuild(root, {
    stdin: { contents, resolveDir: root, sourcefile: 'config', loader: 'js' },
    format: 'iife',
    globalName: 'config',
  });
  if ('problems' in built) return built;
  const loaded = evaluateScript(`"use strict"; (() => {\n${built.files[0]?.text ?? ''}return config.default; })()`);
  if ('error' in loaded) return { problems: await findFaultyModules(root, [{ file }]) };
  return isRecord(loaded.value) ? { value: loaded.value } : { problems: [] };
}

type ConfigContent = z.infer<typeof configSchema>;

function lowerConfig(config: ConfigContent, report: FileReport): Evaluated {
  const logTypes = Object.entries(config.logTypes).map(([name, settings]) => ({
    name,
    settings: lowerSettings(settings),
    where: report.where(['logTypes', name], { atKey: true }),
  }));
  const retention = Object.fromEntries(Object.entries(config.tables).map(([table, kept]) => [table, kept.retention]));
  const waivers = config.waivers.map((waiver, index) => ({ ...waiver, where: report.where(['waivers', index]) }));
  const policies = { severities: config.policies, waivers };
  return { routing: readRouting(config, report), logTypes, retention, policies, problems: report.problems };
}

function readRouting(config: ConfigContent, report: FileReport): Routing {
  const names = Object.keys(config.destinations);
  const destinations = names.flatMap((name) => readDestination(name, config.destinations[name], report) ?? []);
  if (config.default !== undefined && !names.includes(config.default)) {
    const message = `'${config.default}' is none of the destinations above.`;
    report.add('COMPILE_DESTINATION_UNKNOWN', ['default'], message, { hint: suggest(config.default, names) });
  }
  return {
    destinations: destinations.sort((a, b) => (a.name < b.name ? -1 : 1)),
    defaultDestination: config.default ?? names[0],
  };
}

function readDestination(name: string, value: unknown, report: FileReport): Destination | undefined {
  const path = ['destinations', name];
  const type = isRecord(value) ? value.type : undefined;
  const known = Object.keys(destinationSchemas);
  if (typeof type !== 'string' || !known.includes(type)) {
    const found = type === undefined ? 'says no type' : 'is of no known type';
    const hint = suggest(String(type), known);
    const code = type === undefined ? 'COMPILE_KEY_MISSING' : 'COMPILE_VALUE_INVALID';
    report.add(code, [...path, 'type'], `The destination '${name}' ${found}: one of ${known.join(', ')}.`, { hint });
    return undefined;
  }
  const read = checkShape<DestinationShape>(destinationSchemas[type as DestinationType], value, report, path);
  if (!read) return undefined;
  const { type: _, levels, ...settings } = read;
  return { name, type, levels: selectLevels(levels), settings };
}

interface DestinationShape {
  readonly type: string;
  readonly levels: readonly string[];
}

/** A report whose places are found in the object literal that the file exports. */
function reportOn(root: string, exported: ts.Expression): FileReport {
  const locate = (path: readonly (string | number)[], part: 'key' | 'value' = 'value'): Where =>
    whereOf(root, locateInLiteral(exported, path, part));
  const source = exported.getSourceFile();
  const file = pathBelow(root, source.fileName);
  return new FileReport({ file, text: source.text, value: undefined, locate, locateOffset: (path) => locate(path) });
}

function noExport(where: Where, found: string): Problem {
  return {
    code: 'COMPILE_CONFIG_EXPORT',
    message: `${found}; \`defineConfig({ … })\` from margay was expected.`,
    where,
    hint: "Write `export default defineConfig({ destinations: { terminal: { type: 'stdout' } } });`.",
    severity: 'error',
  };
}
