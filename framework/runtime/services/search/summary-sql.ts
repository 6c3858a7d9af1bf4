import type { CommonField } from '../../../model/common-fields.ts';
import type { LogType } from '../../../model/log-type.ts';
import { quoteName, quoteText } from '../../../model/quote-sql.ts';

const targets: readonly CommonField[] = [
  'target_user',
  'target_group',
  'target_resource',
  'destination_domain',
  'destination_ip',
];
const scalars: readonly string[] = ['string', 'bigint', 'double', 'boolean'];
const maxLength = 200;
const shownFields = 4;

/**
 * What happened, in a line: `user.session.start by bart@example.com (FAILURE)`, from the common fields; of a log type
 * without them, its first fields in the order of their names.
 */
export function summarySql(logType: LogType): string {
  const isMapped = (field: CommonField): boolean => logType.model[field] !== undefined;
  if (!(['event_type', 'actor_user', ...targets] as const).some(isMapped)) return fieldsSql(logType);
  const target = `coalesce(${targets.map(common).join(', ')})`;
  const parts = [
    common('event_type'),
    `'by ' || ${common('actor_user')}`,
    `'on ' || ${target}`,
    `'(' || ${common('event_result')} || ')'`,
  ];
  return cut(`concat_ws(' ', ${parts.join(', ')})`);
}

function fieldsSql({ fields, eventTime, eventId }: LogType): string {
  const shown = Object.entries(fields)
    .filter(([name, { type }]) => scalars.includes(type) && name !== eventTime && name !== eventId)
    .slice(0, shownFields);
  const parts = shown.map(([name]) => `${quoteText(`${name}=`)} || ${quoteName(name)}::VARCHAR`);
  return parts.length === 0 ? `''` : cut(`concat_ws(', ', ${parts.join(', ')})`);
}

function common(field: CommonField): string {
  return `udm.${quoteName(field)}`;
}

function cut(text: string): string {
  return `"left"(${text}, ${maxLength})`;
}
