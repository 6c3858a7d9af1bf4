import type { PlanFinding, PlanTests } from '../../model/plan.ts';
import { visibleLine, visibleText } from '../visible-text.ts';
import type { ProposedCoverage } from './proposal-markdown.ts';

/** What `margay propose --json` prints. */
export interface ProposalResult {
  readonly action: 'nothing' | 'would-open' | 'would-update' | 'opened' | 'updated' | 'unchanged';
  readonly files: readonly { readonly path: string; readonly change: 'added' | 'changed' | 'removed' }[];
  /** Everything below is absent when nothing differs. */
  readonly branch?: string;
  readonly title?: string;
  readonly draft?: boolean;
  /** The pull request, when there is one. */
  readonly number?: number;
  readonly url?: string;
  /** The newest commit of the branch; absent in a dry run. */
  readonly commit?: string;
  readonly tests?: PlanTests | null;
  readonly coverage?: readonly ProposedCoverage[];
  readonly findings?: readonly PlanFinding[];
  /** The text of the pull request, in a dry run. */
  readonly body?: string;
}

const signs = { added: '+', changed: '~', removed: '-' } as const;

/** The files, the branch and the pull request of a proposal; in a dry run its text too. */
export function renderProposalResult(result: ProposalResult): string {
  const { action, files, branch = '', title = '', draft, number, url, tests, body } = result;
  if (action === 'nothing') return 'Nothing differs; there is nothing to propose.';
  const kind = draft ? 'draft pull request' : 'pull request';
  const pull = number === undefined ? `a ${kind}` : `${kind} ${number}`;
  const words = {
    'would-open': `Would open ${pull}`,
    'would-update': `Would update ${pull}`,
    opened: `Opened ${pull}`,
    updated: `Updated ${pull}`,
    unchanged: `Nothing is new in ${pull}`,
  };
  const failed = tests?.totals.failed ?? 0;
  return [
    ...files.map(({ path, change }) => `${signs[change]} ${visibleLine(path)}`),
    `${words[action]}: ${visibleLine(title)}`,
    `Branch ${visibleLine(branch)}`,
    ...(tests ? [`Tests: ${tests.totals.passed} passed, ${failed} failed`] : []),
    ...(url === undefined ? [] : [url]),
    ...(body === undefined ? [] : ['', visibleText(body)]),
  ].join('\n');
}
