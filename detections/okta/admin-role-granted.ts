import { detection } from 'margay';

/** Okta writes the granted roles into the debug data, as one text joined by commas. */
function grantedRoles(debugData: unknown): string {
  const roles = (debugData as { privilegeGranted?: unknown } | null | undefined)?.privilegeGranted;
  return typeof roles === 'string' ? roles : '';
}

export default detection<'okta/admin-role-granted'>({
  level: (event) => {
    const roles = grantedRoles(event.debugContext?.debugData).toLowerCase();
    if (roles.includes('super administrator')) return 'critical';
    return roles === 'read-only administrator' ? 'low' : undefined;
  },
  title: (event) => {
    const roles = grantedRoles(event.debugContext?.debugData) || 'an administrator role';
    return `${event.actor?.alternateId} granted ${roles} to ${event.target?.[0]?.alternateId}`;
  },
});
