import { Match } from 'aws-cdk-lib/assertions';
import { JobAllowance } from '../../../src';
import { createJob } from '../fixtures';

describe('JobAllowance', () => {
  test('is a resource without name and tags, which a job takes of and the state machine may use', () => {
    const { stack, job, template } = createJob();
    job.takes(new JobAllowance(stack, 'Licences', { quantity: 10 }), 2);
    const arn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Licences'), 'ConsumableResourceArn'] };
    template().hasResource('AWS::Batch::ConsumableResource', { Properties: { ResourceType: 'REPLENISHABLE', TotalQuantity: 10, ConsumableResourceName: Match.absent() } });
    template().hasResourceProperties('AWS::Batch::JobDefinition', {
      ConsumableResourceProperties: { ConsumableResourceList: [{ ConsumableResource: arn, Quantity: 2 }] },
    });
    template().hasResourceProperties('AWS::IAM::Role', {
      Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['batch:SubmitJob']), Resource: Match.arrayWith([arn]) })]) } }],
    });
  });

  test('may be used up', () => {
    const { stack, template } = createJob();
    void new JobAllowance(stack, 'Budget', { quantity: 0, givenBack: false });
    template().hasResourceProperties('AWS::Batch::ConsumableResource', { ResourceType: 'NON_REPLENISHABLE', TotalQuantity: 0 });
  });

  test('is nothing that a job has by itself', () => {
    createJob().template().hasResourceProperties('AWS::Batch::JobDefinition', { ConsumableResourceProperties: Match.absent() });
  });

  test('fails when a quantity is out of range', () => {
    const { stack, job } = createJob();
    expect(() => new JobAllowance(stack, 'Odd', { quantity: -1 }))
      .toThrow(new Error("'quantity' must be between 0 and 1000000000, got -1; it is how much there is in all (at Stack/Odd)"));
    expect(() => job.takes(new JobAllowance(stack, 'Even', { quantity: 1 }), 0))
      .toThrow(new Error("'quantity' must be between 1 and 1000000000, got 0; omit the call for none (at Stack/Etl/Jobs/Extract)"));
  });
});
