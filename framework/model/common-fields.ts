/** The common fields (`udm.…`) that a log type's `model` may map, each with what it means. */
export const commonFields = {
  actor_user: 'Who did it: the login name or e-mail of the acting user.',
  actor_id: "The acting user's identifier at the vendor.",
  actor_type: 'What kind of actor it was: user, service, role.',
  target_user: 'The user that it was done to.',
  target_group: 'The group, role or team that it was done to.',
  target_resource: 'The object that it was done to, when it is no user or group.',
  event_type: 'What happened, in the vendor’s words.',
  event_result: 'How it ended, in the vendor’s words: SUCCESS, FAILURE, DENY.',
  event_reason: 'Why it ended so.',
  source_ip: 'The address that the request came from.',
  source_country: 'The country of that address.',
  source_city: 'The city of that address.',
  source_asn: 'The autonomous system of that address.',
  destination_ip: 'The address that it went to.',
  destination_port: 'The port that it went to.',
  destination_domain: 'The host name that it went to.',
  user_agent: 'The client’s user agent.',
  session_id: 'The session that the actor was in.',
  device_name: 'The host or device that it happened on.',
  process_name: 'The program that did it.',
} as const;

/** The name of a common field. */
export type CommonField = keyof typeof commonFields;
