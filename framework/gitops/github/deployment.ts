import { createOnce } from './asking.ts';
import type { Github } from './open-github.ts';

/** How a publish of a commit goes. */
export interface DeploymentReport {
  readonly sha: string;
  readonly environment: string;
  readonly state: 'in_progress' | 'success' | 'failure';
  readonly description: string;
  /** The runtime. */
  readonly environmentUrl?: string | undefined;
  /** The run of the workflow. */
  readonly logUrl?: string | undefined;
}

/** Reports a deployment and its status; the same commit in the same environment is one deployment. @returns Its id. */
export async function reportDeployment(
  { rest, paginate, repository }: Github,
  report: DeploymentReport,
): Promise<number> {
  const { sha, environment, state, description, environmentUrl, logUrl } = report;
  const what = 'report a deployment';
  const { value: deployment } = await createOnce(
    what,
    async () => (await rest.repos.listDeployments({ ...repository, sha, environment })).data[0],
    async () => {
      // Without required contexts: the commit is merged, and its checks were the ruleset's business.
      const asked = { ...repository, ref: sha, environment, auto_merge: false, required_contexts: [], description };
      const { data } = await rest.repos.createDeployment(asked);
      return data as Extract<typeof data, { id: number }>;
    },
  );
  const where = { ...repository, deployment_id: deployment.id };
  await createOnce(
    what,
    async () => {
      const [last] = await paginate(rest.repos.listDeploymentStatuses, { ...where, per_page: 100 });
      return last?.state === state ? last : undefined;
    },
    async () => {
      const more = {
        ...(environmentUrl ? { environment_url: environmentUrl } : {}),
        ...(logUrl ? { log_url: logUrl } : {}),
      };
      const asked = { ...where, state, description: description.slice(0, 140), auto_inactive: true, ...more };
      return (await rest.repos.createDeploymentStatus(asked)).data;
    },
  );
  return deployment.id;
}
