import { Template } from 'aws-cdk-lib/assertions';
import { ClusterProfile, EcsQueueWorker, EcsQueueWorkerProps } from '../../src';
import { createCluster, createStack, IMAGE } from '../util/fixtures';

/** One worker, with what the test is about. */
export function createWorker(props: Partial<EcsQueueWorkerProps> = {}, profile = ClusterProfile.PRODUCTION) {
  const stack = createStack();
  const cluster = createCluster(stack, { profile });
  const worker = new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE, ...props });
  return { stack, cluster, worker, template: () => Template.fromStack(stack) };
}
