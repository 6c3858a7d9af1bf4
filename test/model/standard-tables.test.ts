import { expect, it } from 'vitest';
import { standardTableNames } from '../../framework/model/standard-table-names.ts';
import { standardTables } from '../../framework/model/standard-tables.ts';

it('the names that the configuration may set are those of the standard tables', () => {
  expect(standardTables.map(({ name }) => name)).toEqual([...standardTableNames]);
});
