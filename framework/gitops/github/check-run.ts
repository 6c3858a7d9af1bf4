import { createOnce, update } from './asking.ts';
import type { Github } from './open-github.ts';

/** A remark on a line of a file. */
export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

/** What a check says of a commit. */
export interface CheckReport {
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: 'success' | 'failure';
  readonly title: string;
  /** Markdown; what is longer than GitHub takes is cut. */
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}

/** GitHub takes so many in one request. */
const annotationsPerRequest = 50;
const maxSummaryLength = 65_535;

/**
 * Reports a check of a commit with all its annotations.
 *
 * @returns Its address.
 * @throws GITHUB_FORBIDDEN for a token that is neither an app's nor a workflow's, and on a pull request from a fork.
 */
export async function reportCheck({ rest, repository }: Github, report: CheckReport): Promise<string> {
  const { name, headSha, conclusion, title, annotations } = report;
  const what = 'report a check';
  const summary = report.summary.slice(0, maxSummaryLength);
  const pages = Array.from({ length: Math.max(1, Math.ceil(annotations.length / annotationsPerRequest)) }, (_, at) =>
    annotations.slice(at * annotationsPerRequest, (at + 1) * annotationsPerRequest),
  );
  const list = async () => {
    const asked = { ...repository, ref: headSha, check_name: name, per_page: 100 };
    return (await rest.checks.listForRef(asked)).data.check_runs;
  };
  const earlier = new Set((await update(what, list)).map(({ id }) => id));
  const { value: run } = await createOnce(
    what,
    async () => (await list()).find(({ id }) => !earlier.has(id)),
    async () => (await rest.checks.create({ ...repository, name, head_sha: headSha, status: 'in_progress' })).data,
  );
  let sentCount = 0;
  for (const page of pages) {
    const isLast = page === pages.at(-1);
    const already = sentCount;
    await update(what, async () => {
      // An answer that got lost may have been taken: annotations add up, so they are counted before they are sent again.
      const { data } = await rest.checks.get({ ...repository, check_run_id: run.id });
      const isTaken = page.length > 0 && (data.output?.annotations_count ?? 0) > already;
      await rest.checks.update({
        ...repository,
        check_run_id: run.id,
        ...(isLast ? { status: 'completed', conclusion } : {}),
        output: { title, summary, ...(isTaken ? {} : { annotations: page.map((it) => ({ ...it })) }) },
      });
    });
    sentCount += page.length;
  }
  return run.html_url ?? '';
}
