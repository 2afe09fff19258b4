import { isObject } from './template';

/** Whether two values of a template are the same, whatever the order of their keys. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((value, index) => sameValue(value, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && sameValue(one[key], other[key]));
}

/**
 * What stands at a path: one value, or one for each element of the lists on the way.
 *
 * Where an intrinsic function stands in for a part of the path, the function is what is found: what it will give is not known.
 */
export function valuesAt(value: any, path: string[]): unknown[] {
  if (Array.isArray(value) && path.length > 0) return value.flatMap((element) => valuesAt(element, path));
  if (isAbsent(value)) return [];
  if (path.length === 0 || isIntrinsic(value)) return [value];
  if (!isObject(value)) return [];
  return valuesAt(value[path[0]], path.slice(1));
}

/** Not there, in one of two ways to say so. */
function isAbsent(value: unknown): boolean {
  return value === undefined || (isObject(value) && value.Ref === 'AWS::NoValue');
}

/** `{ Ref }`, `{ 'Fn::…' }`. */
export function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || key?.startsWith('Fn::') === true);
}

/** The top-level properties that differ. */
export function changedProperties(before: Record<string, any>, after: Record<string, any>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !sameValue(before[name], after[name]) && !(isAbsent(before[name]) && isAbsent(after[name])))
    .sort();
}
