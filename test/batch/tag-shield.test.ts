import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack, Tags } from 'aws-cdk-lib/core';
import { EXPLICIT_STACK_TAGS } from 'aws-cdk-lib/cx-api';
import { createPipeline, definitionOf } from './fixtures';
import { FanOut } from '../../src';
import { IMAGE } from '../util/fixtures';

const ENV = { account: '123456789012', region: 'us-east-1' };

/** A pipeline in an app that has tags. */
function createTagged(tags: Record<string, string>, flags: Record<string, boolean> = { [EXPLICIT_STACK_TAGS]: true }) {
  const app = new App({ context: flags });
  const stack = new Stack(app, 'Stack', { env: ENV });
  Object.entries(tags).forEach(([key, value]) => Tags.of(app).add(key, value));
  const { pipeline } = createPipeline({}, stack);
  pipeline.addJob('Extract', { image: IMAGE });
  pipeline.addJob('Clean', { image: IMAGE, fanOut: FanOut.array(3) });
  return { stack, pipeline, template: () => Template.fromStack(stack) };
}

function batchResources(template: Template): [string, any][] {
  return Object.entries<any>(template.toJSON().Resources).filter(([, { Type }]) => Type.startsWith('AWS::Batch::'));
}

describe('tags of an app', () => {
  test('change no resource of AWS Batch, which would be replaced', () => {
    const tags: Record<string, string>[] = [{}, { Team: 'data', Release: '1' }, { Team: 'data', Release: '2', Cost: '7' }];
    const [without, one, other] = tags.map((each) => createTagged(each).template());
    expect(batchResources(without).map(([, { Type }]) => Type).sort()).toEqual([
      'AWS::Batch::ComputeEnvironment', 'AWS::Batch::JobDefinition', 'AWS::Batch::JobDefinition', 'AWS::Batch::JobQueue',
    ]);
    expect(JSON.stringify(batchResources(one))).toBe(JSON.stringify(batchResources(without)));
    expect(JSON.stringify(batchResources(other))).toBe(JSON.stringify(batchResources(without)));
  });

  test('go to the jobs, beside the tag of the pipeline, and nothing else may', () => {
    const template = createTagged({ Team: 'data' }).template();
    const { States } = definitionOf(template);
    const [extract, clean] = States['Extract and Clean'].Branches.map(({ StartAt, States: states }: any) => states[StartAt].Parameters.Tags);
    expect(extract).toEqual({ 'Team': 'data', 'cdk-ecs-workloads:pipeline': expect.stringMatching(/^<EtlJobQueue/) });
    expect(clean).toEqual(extract);
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({
            Action: ['batch:SubmitJob', 'batch:TagResource'],
            Condition: Match.objectLike({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team', 'cdk-ecs-workloads:pipeline'] } }),
          })]),
        },
      }],
    });
  });

  test('are on what may have them', () => {
    createTagged({ Team: 'data' }).template().hasResourceProperties('AWS::IAM::Role', { Tags: [{ Key: 'Team', Value: 'data' }] });
  });
});
