import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { ClusterNetwork, EcsBatchPipeline, EcsBatchPipelineProps, JobOptions } from '../../src';
import { problemsOf } from '../util/asl';
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

/** The definition, once an independent validator has found nothing wrong with it, of a stack's only state machine, with `<LogicalId>` or `<LogicalId.Attribute>` in the place of references. */
export function definitionOf(template: Template): any {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const parts: any[] = machine.Properties.DefinitionString['Fn::Join'][1];
  const definition = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt'].join('.')}>`)).join(''));
  expect(problemsOf(definition)).toBe('');
  return definition;
}
