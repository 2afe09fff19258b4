import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { ClusterNetwork, EcsBatchPipeline, EcsBatchPipelineProps, JobOptions } from '../../src';
import { machinesIn } from '../util/asl';
import { createCluster, createStack, IMAGE, importedVpc } from '../util/fixtures';

/** A pipeline without jobs in a network that exists. */
export function createPipeline(props: Partial<EcsBatchPipelineProps> = {}, stack: Stack = createStack()) {
  const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
  const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster, ...props });
  return { stack, cluster, pipeline, template: () => Template.fromStack(stack) };
}

/** A pipeline with one job. */
export function createJob(options: Partial<JobOptions> = {}) {
  const created = createPipeline();
  const job = created.pipeline.addJob('Extract', { image: IMAGE, ...options });
  return { ...created, job };
}

/** The definition of a stack's only state machine, with `<LogicalId>` or `<LogicalId.Attribute>` in the place of references. A validator has looked at it. */
export function definitionOf(template: Template): any {
  return Object.values(machinesIn(template.toJSON()))[0];
}
