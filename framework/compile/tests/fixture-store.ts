import { readdir, realpath } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import type { Problem } from '../../model/margay-error.ts';
import { isRecord } from '../../model/path.ts';
import { nearest } from '../../model/suggest.ts';
import { readText } from '../content/read-text.ts';
import type { FileReport } from '../file-report.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';
import { findJsonFlaw } from './find-json-flaw.ts';

/** The largest fixture, in bytes. */
const maxFixtureBytes = 4 * 1024 * 1024;

type Fixture =
  | { readonly record: Readonly<Record<string, unknown>> }
  | { readonly missing: string }
  | { readonly broken: true };

/** Reads fixtures, each once. */
export class FixtureStore {
  readonly #root: string;
  readonly #fixtures = new Map<string, Promise<Fixture>>();
  readonly #problems: Problem[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** The fixtures that were asked for, in code-unit order. */
  get files(): readonly string[] {
    return [...this.#fixtures.keys()].sort();
  }

  /** What is wrong inside fixtures, once each, however many tests use them. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The record in a fixture. What is wrong with the path is reported where it is written. */
  async load(file: string, report: FileReport, at: YamlPath): Promise<Readonly<Record<string, unknown>> | undefined> {
    const path = posix.normalize(file);
    if (posix.isAbsolute(path) || path.startsWith('..') || file.includes('\\')) {
      const message = `The fixture '${file}' is not below the content root.`;
      report.add('COMPILE_FIXTURE_MISSING', at, message, {
        hint: "Write its path from the root, such as 'fixtures/okta/session-start.json'.",
      });
      return undefined;
    }
    let fixture = this.#fixtures.get(path);
    if (!fixture) {
      fixture = this.#read(path);
      this.#fixtures.set(path, fixture);
    }
    const found = await fixture;
    if ('missing' in found)
      report.add('COMPILE_FIXTURE_MISSING', at, found.missing, { hint: await this.#suggest(path) });
    return 'record' in found ? found.record : undefined;
  }

  async #read(file: string): Promise<Fixture> {
    try {
      const root = await realpath(this.#root);
      if (!(await realpath(`${root}/${file}`)).startsWith(root + sep))
        return { missing: `The fixture '${file}' leads out of the content root.` };
    } catch {
      return { missing: `There is no fixture '${file}'.` };
    }
    const read = await readText(this.#root, file, maxFixtureBytes);
    if ('problem' in read) this.#problems.push(read.problem);
    else {
      try {
        const record: unknown = JSON.parse(read.text);
        if (isRecord(record)) return { record };
        this.#report(
          file,
          read.text,
          0,
          `A fixture is one record, a JSON object; this is ${Array.isArray(record) ? 'an array' : `a ${typeof record}`}.`,
        );
      } catch {
        const found = read.text.slice(findJsonFlaw(read.text)).split('\n')[0] as string;
        const message = `Not valid JSON${found === '' ? ': it ends too early' : ` at '${found.slice(0, 40)}'`}.`;
        this.#report(file, read.text, findJsonFlaw(read.text), message);
      }
    }
    return { broken: true };
  }

  #report(file: string, text: string, offset: number, message: string): void {
    const before = text.slice(0, offset).split('\n');
    const where = { file, line: before.length, col: (before.at(-1) as string).length + 1 };
    this.#problems.push({ code: 'COMPILE_FIXTURE_INVALID', message, where, severity: 'error' });
  }

  async #suggest(file: string): Promise<string | undefined> {
    const folder = posix.dirname(file);
    const names = await readdir(`${this.#root}/${folder}`).catch(() => []);
    const found = nearest(posix.basename(file), names.sort());
    return found === undefined ? undefined : `Did you mean '${folder}/${found}'?`;
  }
}
