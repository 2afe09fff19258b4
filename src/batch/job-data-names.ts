import type { IConstruct } from 'constructs';
import { checkPattern } from '../private/check';
import { fail, show } from '../private/fail';

/** Names of outputs and inputs: they become part of a key in S3 and of an environment variable. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;

/** The variable in which a job finds the S3 URI of an output or input. */
export function uriVariable(direction: 'OUTPUT' | 'INPUT', name: string): string {
  return `${direction}_${name.toUpperCase()}`;
}

/** Rejects names that cannot be part of a variable, and names that would share one. */
export function checkDataNames(job: IConstruct, outputs: string[], inputs: string[]): void {
  for (const [prop, names] of Object.entries({ outputs, inputs })) {
    names.forEach((name) => checkPattern(job, prop, name, NAME, "1 to 63 letters, digits and '_', a letter first",
      'choose another: it is part of a key in S3 and of an environment variable'));
    const twice = names.find((name, index) => names.findIndex((other) => other.toUpperCase() === name.toUpperCase()) !== index);
    if (twice !== undefined) {
      fail(job, `'${prop}' must not have a name twice, whatever its case, got ${show(twice)}; rename one`);
    }
  }
}
