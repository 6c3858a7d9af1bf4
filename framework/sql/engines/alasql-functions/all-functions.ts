import { casts } from './casts.ts';
import { choice } from './choice.ts';
import { json } from './json.ts';
import { keys } from './keys.ts';
import { lists } from './lists.ts';
import { numbers } from './numbers.ts';
import { ordered } from './ordered-values.ts';
import { regex } from './regex.ts';
import { subqueries } from './subqueries.ts';
import { text } from './text.ts';
import { threeValued } from './three-valued.ts';
import { time } from './time.ts';
import { tryCasts } from './try-casts.ts';
import { windows } from './windows.ts';

/** Every scalar function that printed SQL may call. */
export const scalarFunctions = {
  ...threeValued,
  ...choice,
  ...text,
  ...numbers,
  ...casts,
  ...tryCasts,
  ...json,
  ...lists,
  ...time,
  ...keys,
  ...subqueries,
  ...regex,
  ...windows,
  ...ordered,
};

/** The name of one of our functions in alasql. */
export type ScalarName = keyof typeof scalarFunctions;
