import { checkPattern } from '../private/check';
import { fail, show } from '../private/fail';
import type { BatchJob } from './batch-job';

/** Names of outputs and inputs: they become part of a key in S3 and of an environment variable. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;

/**
 * What a job leaves in the pipeline's artifact bucket for later jobs: one object, or many below one prefix.
 *
 * Got from `BatchJob.output`, and given to the `inputs` of a later job.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
 */
export class JobOutput {
  /** @internal */
  public static _of(job: BatchJob, name: string): JobOutput {
    return new JobOutput(job, name);
  }

  private constructor(
    /** The job that writes it. */
    public readonly job: BatchJob,
    /** Its name among the outputs of the job. */
    public readonly name: string,
  ) {
  }

  /** @internal Where it lies below the prefix of an execution. */
  public get _path(): string {
    return `${this.job.node.id}/${this.name}`;
  }
}

/** The variable in which a job finds the S3 URI of an output or input. */
export function uriVariable(direction: 'OUTPUT' | 'INPUT', name: string): string {
  return `${direction}_${name.toUpperCase()}`;
}

/** Rejects names that cannot be part of a variable, and names that would share one. */
export function checkDataNames(job: BatchJob, outputs: string[], inputs: string[]): void {
  for (const [prop, names] of Object.entries({ outputs, inputs })) {
    names.forEach((name) => checkPattern(job, prop, name, NAME, "1 to 63 letters, digits and '_', a letter first",
      'choose another: it is part of a key in S3 and of an environment variable'));
    const twice = names.find((name, index) => names.findIndex((other) => other.toUpperCase() === name.toUpperCase()) !== index);
    if (twice !== undefined) {
      fail(job, `'${prop}' must not have a name twice, whatever its case, got ${show(twice)}; rename one`);
    }
  }
}
