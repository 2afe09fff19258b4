/** A tag of the jobs of one pipeline. */
export interface JobTag {
  readonly key: string;
  readonly value: string;
}

/**
 * Tells the jobs of a pipeline from all others: whoever stops them can be narrowed to it, and the bill can be split by it.
 *
 * Its value is the ARN of the queue that each pipeline has for itself, whichever queues its jobs wait in: it is unique wherever the same app is deployed
 * twice, which a name of ours would not be, and nothing that the tag goes into is needed for it.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/batch-supported-iam-actions-resources.html
 */
export function jobTag(ownQueueArn: string): JobTag {
  return { key: 'cdk-ecs-workloads:pipeline', value: ownQueueArn };
}
