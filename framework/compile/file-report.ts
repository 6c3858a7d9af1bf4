import type { ErrorCode } from '../model/error-codes.ts';
import type { Problem, Where } from '../model/margay-error.ts';
import type { YamlFile, YamlPath } from './yaml/load-yaml.ts';

/** What a problem may say besides its code and message. */
export interface ReportDetails {
  readonly hint?: string | undefined;
  /** Point at the key instead of the value. */
  readonly atKey?: boolean | undefined;
  /** Point at this character of the key or value. */
  readonly offset?: number | undefined;
  readonly severity?: Problem['severity'] | undefined;
}

/** Collects the problems of one file, by path into its YAML. */
export class FileReport {
  readonly yaml: YamlFile;
  readonly problems: Problem[] = [];
  readonly #flaws: YamlPath[] = [];

  constructor(yaml: YamlFile) {
    this.yaml = yaml;
  }

  add(code: ErrorCode, path: YamlPath, message: string, details: ReportDetails = {}): void {
    const where = this.where(path, details);
    const { hint, severity = 'error' } = details;
    if (severity === 'error') this.flaw(path);
    this.problems.push({ code, message, where, ...(hint === undefined ? {} : { hint }), severity });
  }

  /** Notes that something is wrong at a path (or that a key with a misspelt name is meant to be there). */
  flaw(path: YamlPath): void {
    this.#flaws.push(path);
  }

  /** Whether something at a path, or inside, is wrong, so that nothing is concluded from what is missing there. */
  isFlawed(...path: YamlPath): boolean {
    return this.#flaws.some((flaw) => path.every((step, index) => step === flaw[index]));
  }

  /** A problem that is reported and lets the compile go on. */
  addFinding(code: ErrorCode, path: YamlPath, message: string, details: ReportDetails = {}): void {
    this.add(code, path, message, { ...details, severity: 'finding' });
  }

  where(path: YamlPath, details: Pick<ReportDetails, 'atKey' | 'offset'> = {}): Where {
    const part = details.atKey ? 'key' : 'value';
    return details.offset === undefined
      ? this.yaml.locate(path, part)
      : this.yaml.locateOffset(path, details.offset, part);
  }
}
