import type { IConstruct } from 'constructs';

/**
 * Throws the one kind of error that this library throws.
 *
 * The message says: the prop in single quotes, what it must be, what was received, what to change; lower case, no full stop.
 * The construct path is added here. Choices (`TaskSize.of` and the like) have no path yet: they pass no scope.
 */
export function fail(scope: IConstruct | undefined, message: string): never {
  throw new Error(scope === undefined ? message : `${message} (at ${scope.node.path})`);
}

/** Renders a received value the way a user would write it. */
export function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
