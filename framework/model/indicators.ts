/**
 * Kinds of indicator, and the `p_any_*` field that collects each.
 *
 * @source Panther, standard fields ("p_any").
 */
export const indicatorFields = {
  ip: 'p_any_ip_addresses',
  username: 'p_any_usernames',
  email: 'p_any_emails',
  domain: 'p_any_domain_names',
  md5: 'p_any_md5_hashes',
  sha1: 'p_any_sha1_hashes',
  sha256: 'p_any_sha256_hashes',
  aws_arn: 'p_any_aws_arns',
  aws_account_id: 'p_any_aws_account_ids',
  aws_instance_id: 'p_any_aws_instance_ids',
  trace_id: 'p_any_trace_ids',
  actor_id: 'p_any_actor_ids',
} as const;

/** A kind of indicator. */
export type IndicatorKind = keyof typeof indicatorFields;

/** The `p_any_*` field names, in a fixed order. */
export const indicatorFieldNames: readonly string[] = Object.values(indicatorFields);
