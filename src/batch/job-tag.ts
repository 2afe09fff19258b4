/** A tag of the jobs of one pipeline. */
export interface JobTag {
  readonly key: string;
  readonly value: string;
}

/**
 * Tells the jobs of a pipeline from all others: whoever stops them can be narrowed to it, and the bill can be split by it.
 *
 * The ARN of the queue is unique wherever the same app is deployed twice, which a name of ours would not be.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/batch-supported-iam-actions-resources.html
 */
export function jobTag(jobQueueArn: string): JobTag {
  return { key: 'cdk-ecs-workloads:queue', value: jobQueueArn };
}
