import type { Policy } from './policy.ts';

/** What alerted and will not alert any more. */
export const silenced: Policy = {
  code: 'PLAN_SILENCED',
  severity: 'warning',
  breaking: true,
  check: ({ detections }) =>
    detections.flatMap(({ item, before, after }) => {
      const reason = reasonOfSilence(before, after);
      if (reason === undefined) return [];
      return [
        {
          item,
          message: `'${item.id}' is silenced: ${reason}.`,
          hint: 'Say in the pull request why nobody needs to know.',
        },
      ];
    }),
};

type Voice = Pick<Parameters<Policy['check']>[0]['detections'][number]['before'], 'mode' | 'alert' | 'destinations'>;

function reasonOfSilence(before: Voice, after: Voice): string | undefined {
  const spoke = before.mode === 'live' && before.alert && before.destinations?.length !== 0;
  if (!spoke) return undefined;
  if (after.mode !== 'live') return `its mode is '${after.mode}'`;
  if (!after.alert) return '`alert: false`';
  return after.destinations?.length === 0 ? '`destinations: []`' : undefined;
}
