import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Stack } from 'aws-cdk-lib/core';
import {
  ClusterNetwork, ClusterProfile, EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, EcsTaskProps, FargateCluster, ServiceRoute,
  ServiceScaling, TaskTrigger, WorkerScaling,
} from '../../src';
import { createStack, IMAGE, importedVpc } from '../util/fixtures';

/** What one more of a kind adds to a stack, measured between the second and the third, so that what is shared does not count. */
function costOfOneMore(declare: (stack: Stack, cluster: FargateCluster, index: number) => void) {
  const measure = (count: number) => {
    const stack = createStack();
    const cluster = new FargateCluster(stack, 'Cluster', {
      profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.existing(importedVpc(stack)),
    });
    for (let index = 1; index <= count; index++) declare(stack, cluster, index);
    const template = (stack.node.root as import('aws-cdk-lib/core').App).synth().getStackByName(stack.stackName).template;
    return {
      resources: Object.keys(template.Resources).length,
      constructs: stack.node.findAll().length,
      bytes: JSON.stringify(template, undefined, 1).length,
    };
  };
  const [two, three] = [measure(2), measure(3)];
  return {
    resources: three.resources - two.resources,
    constructs: three.constructs - two.constructs,
    kibibytes: (three.bytes - two.bytes) / 1024,
  };
}

describe('budgets', () => {
  test('a service with a port, a secret, a route, a log group and CPU scaling: 10 resources, 20 constructs, 7.5 KiB', () => {
    const cost = costOfOneMore((stack, cluster, index) => {
      const secret = (stack.node.tryFindChild('Secret') as secretsmanager.ISecret | undefined)
        ?? secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'shared/database');
      new EcsMicroservice(stack, `Service${index}`, {
        cluster,
        image: IMAGE,
        secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret) },
        routes: [ServiceRoute.internetFacing({ paths: [`/service-${index}/*`] })],
        scaling: ServiceScaling.between(2, 10),
      });
    });
    expect(cost.resources).toBeLessThanOrEqual(10);
    expect(cost.constructs).toBeLessThanOrEqual(20);
    expect(cost.kibibytes).toBeLessThanOrEqual(7.5);
  });

  test('a pipeline of five jobs: 14 resources', () => {
    const cost = costOfOneMore((stack, cluster, index) => {
      const pipeline = new EcsBatchPipeline(stack, `Pipeline${index}`, { cluster });
      const jobs = ['A', 'B', 'C', 'D'].map((id) => pipeline.addJob(id, { image: IMAGE }));
      pipeline.addJob('E', { image: IMAGE, after: jobs });
    });
    expect(cost.resources).toBeLessThanOrEqual(14);
  });

  test('a worker that scales, with queue and dead-letter queue: 12 resources, 9.5 KiB', () => {
    const cost = costOfOneMore((stack, cluster, index) => {
      new EcsQueueWorker(stack, `Worker${index}`, { cluster, image: IMAGE, scaling: WorkerScaling.between(1, 10) });
    });
    expect(cost.resources).toBeLessThanOrEqual(12);
    expect(cost.kibibytes).toBeLessThanOrEqual(9.5);
  });

  test('a task on a schedule: 10 resources, with a state machine 12; 9 and 12 KiB', () => {
    const trigger = TaskTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.hours(1)));
    const costOf = (props: Partial<EcsTaskProps>) => costOfOneMore((stack, cluster, index) => {
      new EcsTask(stack, `Task${index}`, { cluster, image: IMAGE, trigger, ...props });
    });
    const [plain, followed] = [costOf({}), costOf({ retries: 1 })];
    expect([plain.resources, followed.resources]).toEqual([10, 12]);
    expect(plain.kibibytes).toBeLessThanOrEqual(9);
    expect(followed.kibibytes).toBeLessThanOrEqual(12);
  });
});
