import { suggest } from '../../model/suggest.ts';
import type { Column, SqlType } from '../../model/table.ts';
import type { Loaded } from '../content/load-content.ts';
import type { LookupContent } from '../schema/lookup-schema.ts';

const sqlTypes: Readonly<Record<LookupContent['columns'][string]['type'], SqlType>> = {
  string: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

/** The columns of a lookup, and the one that names a row. */
export function lowerColumns({ data, report }: Loaded<LookupContent>): {
  readonly columns: readonly Column[];
  readonly key: string;
} {
  const names = Object.keys(data.columns);
  for (const [index, name] of names.entries()) {
    const twin = names.slice(0, index).find((other) => other.toLowerCase() === name.toLowerCase());
    const message = !/^[A-Za-z_]\w*$/.test(name)
      ? `'${name}' is no name for a column; letters, digits and '_' are, beginning with a letter.`
      : /^p_|^udm$/i.test(name)
        ? `'${name}' is a name of a standard field.`
        : twin === undefined
          ? undefined
          : `SQL can't tell '${name}' from '${twin}': upper and lower case are the same to it.`;
    if (message !== undefined)
      report.add('COMPILE_VALUE_INVALID', ['columns', name], message, { atKey: true, hint: 'Give it another name.' });
  }
  const isKnown = names.includes(data.key);
  if (!isKnown && !report.isFlawed('key') && !report.isFlawed('columns')) {
    report.add('COMPILE_FIELD_UNKNOWN', ['key'], `The lookup has no column '${data.key}'.`, {
      hint: suggest(data.key, names),
    });
  }
  const columns = Object.entries(data.columns).map(([name, { type, description }]) => ({
    ...{ name, type: sqlTypes[type], nullable: name !== data.key },
    ...(description === undefined ? {} : { description }),
  }));
  return { columns, key: data.key };
}
