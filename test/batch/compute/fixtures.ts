import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { BatchCapacity, BatchCompute, BatchComputeProps, ClusterNetwork } from '../../../src';
import { createCluster, createStack, importedVpc } from '../../util/fixtures';

/** Compute in a network that exists. */
export function createCompute(capacity?: BatchCapacity, props: Partial<BatchComputeProps> = {}, stack: Stack = createStack()) {
  const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
  const compute = new BatchCompute(stack, 'Compute', { cluster, capacity, ...props });
  return { stack, cluster, compute, template: () => Template.fromStack(stack) };
}

/** All resources of AWS Batch. */
export function batchResources(template: Template): Record<string, any> {
  return Object.fromEntries(Object.entries<any>(template.toJSON().Resources).filter(([, resource]) => resource.Type.startsWith('AWS::Batch::')));
}

/** Our warnings, by what they say. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map((entry) => String(entry.entry.data))
    .filter((text) => text.includes('[ack: cdk-ecs-workloads:'));
}

export function infosOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findInfo('*', Match.anyValue()).map((entry) => String(entry.entry.data));
}
