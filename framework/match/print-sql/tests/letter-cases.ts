type Ranges = readonly (readonly [number, number])[];

let unitsByUpperCase: ReadonlyMap<number, readonly number[]> | undefined;

/** A set with all letters that JavaScript's `i` flag takes for the same as one of its own. */
export function closeOverCase(ranges: Ranges): Ranges {
  unitsByUpperCase ??= groupByUpperCase();
  const others: [number, number][] = [];
  for (const units of unitsByUpperCase.values()) {
    if (units.length > 1 && units.some((unit) => ranges.some(([low, high]) => unit >= low && unit <= high)))
      for (const unit of units) others.push([unit, unit]);
  }
  return [...ranges, ...others];
}

function groupByUpperCase(): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (let unit = 0; unit <= 0xffff; unit++) {
    const upper = upperCase(unit);
    const group = groups.get(upper);
    if (group) group.push(unit);
    else groups.set(upper, [unit]);
  }
  return groups;
}

/**
 * What the `i` flag without `u` compares: the upper case, where it is one unit and does not enter ASCII.
 *
 * @source ECMAScript, "Canonicalize"
 */
function upperCase(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const code = upper.charCodeAt(0);
  return unit >= 128 && code < 128 ? unit : code;
}
