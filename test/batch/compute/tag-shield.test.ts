import { Template } from 'aws-cdk-lib/assertions';
import { App, Size, Stack, Tags } from 'aws-cdk-lib/core';
import { batchResources, warningsOf } from './fixtures';
import { BatchCapacity, BatchCompute, ClusterNetwork, EcsBatchPipeline, JobCompute, JobSpot } from '../../../src';
import { createCluster, IMAGE, importedVpc } from '../../util/fixtures';

/** Every kind of Batch resource, in an app with these tags. */
function createTagged(tags: Record<string, string>, context: Record<string, unknown> = {}) {
  const app = new App({ context });
  const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
  const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster });
  const compute = new BatchCompute(stack, 'Compute', { cluster, capacity: BatchCapacity.gpu() });
  const spot = JobSpot.only({ acceptLostWork: true });
  pipeline.addJob('Small', { image: IMAGE });
  pipeline.addJob('Large', { image: IMAGE, compute: JobCompute.size({ vcpus: 8, memory: Size.gibibytes(40), spot }) });
  pipeline.addJob('Gpu', { image: IMAGE, compute: JobCompute.on(compute, { gpus: 1, vcpus: 4, memory: Size.gibibytes(14) }) });
  Object.entries(tags).forEach(([key, value]) => Tags.of(app).add(key, value));
  Tags.of(stack).add('Stack', tags.Build);
  return { stack, resources: batchResources(Template.fromStack(stack)) };
}

describe('tag shield', () => {
  test('changing tags of the app and of the stack changes no Batch resource', () => {
    const before = createTagged({ Build: '1' }).resources;
    const after = createTagged({ Build: '2', Owner: 'somebody else' }).resources;
    expect(Object.keys(before).length).toBeGreaterThanOrEqual(11);
    expect(JSON.stringify(after)).toBe(JSON.stringify(before));
  });

  test('nothing has a name, and no tag that CloudFormation would replace it for', () => {
    for (const { Type, Properties } of Object.values(createTagged({ Build: '1' }).resources)) {
      const name = `${Type.split('::')[2]}Name`;
      expect(Properties[name]).toBeUndefined();
      expect(Properties.Tags).toBeUndefined();
      expect(Properties.ServiceRole).toBeUndefined();
    }
  });

  test('tags of instances are their own, and reach neither the environment nor the job', () => {
    const { resources } = createTagged({ Build: '1' });
    const environments = Object.values(resources).filter(({ Properties }) => Properties.ComputeResources?.InstanceTypes !== undefined);
    const names = environments.map(({ Properties }) => Properties.ComputeResources.Tags.Name);
    expect(names.sort()).toEqual(['Stack/Compute', 'Stack/Etl/Ec2', 'Stack/Etl/Ec2']);
  });

  test('warns of tags that the stack itself has, once', () => {
    expect(warningsOf(createTagged({ Build: '1' }).stack)).toEqual([
      expect.stringContaining('the stack itself has the tags Build, Stack, which CloudFormation hands on to its Batch resources'),
    ]);
  });

  test('has nothing to warn of where tags stay away from stacks', () => {
    expect(warningsOf(createTagged({ Build: '1' }, { '@aws-cdk/core:explicitStackTags': true }).stack)).toEqual([]);
  });
});

describe('updates', () => {
  /** What CloudFormation replaces a resource for, by type: the create-only properties of its schema that this library could set. */
  const CREATE_ONLY: Record<string, (properties: any) => unknown> = {
    'AWS::Batch::ComputeEnvironment': ({ Type, ComputeEnvironmentName, ComputeResources, Tags: tags, ServiceRole }) =>
      ({ Type, ComputeEnvironmentName, tags, ServiceRole, strategy: ComputeResources.AllocationStrategy }),
    'AWS::Batch::JobQueue': ({ JobQueueName, Tags: tags }) => ({ JobQueueName, tags }),
    'AWS::Batch::JobDefinition': ({ JobDefinitionName, Tags: tags }) => ({ JobDefinitionName, tags }),
  };

  function createWith(change: { maxVcpus: number; types: string[]; disk: number; priority: number; hours: number }) {
    const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
    const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster, maxVcpus: change.maxVcpus });
    const { types: instanceTypes, maxVcpus, disk, hours } = change;
    const capacity = BatchCapacity.ec2({ instanceTypes, maxVcpus, diskSize: Size.gibibytes(disk), instanceTags: { Hours: String(hours) } });
    const compute = new BatchCompute(stack, 'Compute', { cluster, capacity, priority: change.priority });
    pipeline.addJob('Small', { image: IMAGE });
    pipeline.addJob('Large', { image: IMAGE, compute: JobCompute.on(compute, { vcpus: change.hours, memory: Size.gibibytes(4) }) });
    return batchResources(Template.fromStack(stack));
  }

  test('whatever changes, nothing is replaced: what CloudFormation replaces for stays', () => {
    const before = createWith({ maxVcpus: 8, types: ['m7i'], disk: 50, priority: 1, hours: 1 });
    const after = createWith({ maxVcpus: 64, types: ['r7i', 'm7i'], disk: 200, priority: 9, hours: 2 });
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [id, { Type, Properties }] of Object.entries(after)) {
      expect({ id, ...CREATE_ONLY[Type](Properties) as object }).toEqual({ id, ...CREATE_ONLY[Type](before[id].Properties) as object });
      if (Properties.ComputeResources?.InstanceTypes !== undefined) expect(Properties.ReplaceComputeEnvironment).toBe(false);
      if (Type === 'AWS::Batch::JobDefinition') expect(Properties.ResourceRetentionPolicy).toEqual({ SkipDeregisterOnUpdate: true });
    }
  });
});
