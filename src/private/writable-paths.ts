import type { IConstruct } from 'constructs';
import { checkPattern } from './check';

/** The directories that a container may write to, checked and each one once. The path `/` stands for everything. */
export function writablePathsOf(scope: IConstruct, paths: string[]): string[] {
  for (const path of paths) {
    checkPattern(scope, 'writablePaths', path, /^\//, 'absolute paths', 'begin each with a slash');
  }
  return [...new Set(paths)];
}
