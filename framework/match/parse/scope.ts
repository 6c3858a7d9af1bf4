import type { Place } from '../path-problem.ts';

/** Where a part of the detection stands, and the record that its fields belong to. */
export interface Scope {
  readonly place: Place;
  /** How many arrays of objects surround it. */
  readonly depth: number;
  at(step: string | number): Scope;
  /** The scope of the elements of an array of objects. */
  inside(field: string): Scope;
  /** The path of a field from the event down: `type` inside `target` is `target.type`. */
  fieldName(field: string): string;
}

/** The scope of the event itself. */
export function eventScope(place: Place): Scope {
  return makeScope(place, [], 0);
}

function makeScope(place: Place, fields: readonly string[], depth: number): Scope {
  return {
    place,
    depth,
    at: (step) => makeScope(place.at(step), fields, depth),
    inside: (field) => makeScope(place, [...fields, field], depth + 1),
    fieldName: (field) => [...fields, field].join('.'),
  };
}
