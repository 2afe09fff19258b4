import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { App, CfnParameter, Size, Stack } from 'aws-cdk-lib/core';
import { createPipeline, definitionOf } from './fixtures';
import { BatchJob, ClusterNetwork, ClusterProfile, EcsBatchPipeline, FanOut, FargateCluster, JobCompute } from '../../src';
import { createStack, ENV, IMAGE, importedVpc } from '../util/fixtures';

/** Extract, then Clean (four times) beside Stats, then Train, then Publish. */
function addFiveJobs(pipeline: EcsBatchPipeline): BatchJob[] {
  const extract = pipeline.addJob('Extract', { image: IMAGE });
  const clean = pipeline.addJob('Clean', { image: IMAGE, after: [extract], fanOut: FanOut.array(4) });
  const stats = pipeline.addJob('Stats', { image: IMAGE, after: [extract] });
  const train = pipeline.addJob('Train', { image: IMAGE, after: [clean, stats] });
  const publish = pipeline.addJob('Publish', { image: IMAGE, after: [train] });
  return [extract, clean, stats, train, publish];
}

/** The types of what is in a construct, sorted. */
function typesIn(stack: Stack, prefix: string): string[] {
  return Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>)
    .filter(([id]) => id.startsWith(prefix))
    .map(([, resource]) => resource.Type)
    .sort();
}

function infosOf(stack: Stack): unknown[] {
  return (stack.node.root as App).synth().getStackArtifact(stack.artifactId).messages
    .filter((message) => message.level === 'info')
    .map((message) => message.entry.data);
}

describe('EcsBatchPipeline', () => {
  describe('resources', () => {
    test('of a pipeline of five jobs are twelve, with two alarms and the rule that one of them counts', () => {
      const { stack, pipeline } = createPipeline();
      addFiveJobs(pipeline);
      expect(typesIn(stack, 'Etl')).toEqual([
        'AWS::Batch::ComputeEnvironment',
        ...new Array(5).fill('AWS::Batch::JobDefinition'),
        'AWS::Batch::JobQueue',
        'AWS::CloudWatch::Alarm',
        'AWS::CloudWatch::Alarm',
        'AWS::EC2::SecurityGroup',
        'AWS::Events::Rule',
        'AWS::IAM::Role',
        'AWS::IAM::Role',
        'AWS::Logs::LogGroup',
        'AWS::StepFunctions::StateMachine',
      ]);
    });

    test('of two pipelines in one stack are apart', () => {
      const { stack, cluster, pipeline } = createPipeline();
      addFiveJobs(pipeline);
      addFiveJobs(new EcsBatchPipeline(stack, 'Reports', { cluster }));
      expect(typesIn(stack, 'Reports')).toEqual(typesIn(stack, 'Etl'));
    });

    test('have no physical names', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      expect(JSON.stringify(template())).not.toMatch(/"(ComputeEnvironmentName|JobQueueName|JobDefinitionName|StateMachineName|RoleName|LogGroupName)"/);
    });

    test('can be in another stack than the cluster', () => {
      const app = new App({ analyticsReporting: false });
      const platform = new Stack(app, 'Platform', { env: ENV });
      const cluster = new FargateCluster(platform, 'Platform', { network: ClusterNetwork.existing(importedVpc(platform)) });
      const stack = new Stack(app, 'Jobs', { env: ENV });
      addFiveJobs(new EcsBatchPipeline(stack, 'Etl', { cluster }));
      expect(typesIn(stack, 'Etl')).toHaveLength(15);
    });
  });

  describe('compute', () => {
    test('is a Fargate environment in the subnets of the cluster, without what is for instances only', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      template().hasResource('AWS::Batch::ComputeEnvironment', {
        Properties: {
          Type: 'MANAGED',
          State: 'ENABLED',
          ServiceRole: Match.absent(),
          ReplaceComputeEnvironment: Match.absent(),
          UpdatePolicy: Match.absent(),
          ComputeResources: {
            Type: 'FARGATE',
            MaxvCpus: 256,
            Subnets: ['subnet-c', 'subnet-d'],
            SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlSecurityGroup'), 'GroupId'] }],
            InstanceTypes: Match.absent(),
            AllocationStrategy: Match.absent(),
            MinvCpus: Match.absent(),
            Tags: Match.absent(),
          },
        },
      });
    });

    test('has a queue that cancels what can never run', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      const limit = (reason: string, seconds: number) => ({ Action: 'CANCEL', State: 'RUNNABLE', Reason: reason, MaxTimeSeconds: seconds });
      template().hasResourceProperties('AWS::Batch::JobQueue', {
        State: 'ENABLED',
        ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlComputeEnvironment'), 'ComputeEnvironmentArn'] } }],
        JobStateTimeLimitActions: [
          limit('MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 600),
          limit('MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 600),
          limit('MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED', 600),
          limit('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 14_400),
        ],
      });
    });

    test('has the ceiling that is given, be it a token', () => {
      const stack = createStack();
      const maxVcpus = new CfnParameter(stack, 'MaxVcpus', { type: 'Number' }).valueAsNumber;
      const { pipeline, template } = createPipeline({ maxVcpus }, stack);
      addFiveJobs(pipeline);
      template().hasResourceProperties('AWS::Batch::ComputeEnvironment', { ComputeResources: { MaxvCpus: { Ref: 'MaxVcpus' } } });
    });

    test.each([0, 1.5])('fails when the ceiling is no number of vCPUs: %d', (maxVcpus) => {
      expect(() => createPipeline({ maxVcpus })).toThrow(/^'maxVcpus' must be (between 1 and 100000|a whole number between 1 and 100000), got .*Stack\/Etl\)$/);
    });

    test('fails when a job does not fit under the ceiling', () => {
      const { pipeline } = createPipeline({ maxVcpus: 4 });
      const compute = JobCompute.size({ vcpus: 8, memory: Size.gibibytes(16) });
      expect(() => pipeline.addJob('Train', { image: IMAGE, compute })).toThrow(new Error("'compute' must fit into the pipeline's 'maxVcpus', "
        + "which is 4, got 8 vCPU; raise 'maxVcpus' or choose a smaller size (at Stack/Etl/Jobs/Train)"));
    });
  });

  describe('network', () => {
    test('lets jobs out and nothing in', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      template().hasResourceProperties('AWS::EC2::SecurityGroup', {
        GroupDescription: 'Jobs of a pipeline',
        SecurityGroupIngress: Match.absent(),
      });
    });

    test('can be let into a database', () => {
      const { stack, pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      const database = new ec2.SecurityGroup(stack, 'Database', { vpc: importedVpc(new Stack(stack, 'Other')) });
      database.connections.allowFrom(pipeline, ec2.Port.POSTGRES);
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        FromPort: 5432,
        SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlSecurityGroup'), 'GroupId'] },
      });
    });
  });

  describe('logs', () => {
    test.each([
      [ClusterProfile.PRODUCTION, 30, 'Retain'],
      [ClusterProfile.DEVELOPMENT, 7, 'Delete'],
    ])('are kept as the profile says: %s', (profile, days, policy) => {
      const stack = createStack();
      const cluster = new FargateCluster(stack, 'Platform', { profile, network: ClusterNetwork.existing(importedVpc(stack)) });
      addFiveJobs(new EcsBatchPipeline(stack, 'Etl', { cluster }));
      Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: policy, Properties: { RetentionInDays: days } });
    });
  });

  describe('permissions of the state machine', () => {
    const statements = (template: Template): any[] => Object.values(template.findResources('AWS::IAM::Role'))
      .flatMap((role) => role.Properties.Policies?.[0].PolicyDocument.Statement ?? []);
    const statement = (template: Template, action: string) => statements(template).find(({ Action }) => [Action].flat().includes(action));

    test('submit to its queue all revisions of its definitions, and nothing else', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      const { Resource } = statement(template(), 'batch:SubmitJob');
      expect(Resource).toHaveLength(6);
      expect(Resource[0]).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^EtlJobQueue/), 'JobQueueArn'] });
      expect(Resource[1]['Fn::Join'][1].slice(-3)).toEqual([
        ':batch:us-east-1:123456789012:',
        { 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: expect.stringMatching(/^EtlJobsCleanDefinition/) }] }] },
        ':*',
      ]);
    });

    const queue = { 'Fn::GetAtt': [expect.stringMatching(/^EtlJobQueue/), 'JobQueueArn'] };
    const onlyWithTag = {
      'StringEquals': { 'aws:RequestTag/cdk-ecs-workloads:pipeline': queue }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cdk-ecs-workloads:pipeline'] },
    };

    test('submit only with the tag of the pipeline\'s jobs, and tag nothing else', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      expect(statement(template(), 'batch:SubmitJob')).toMatchObject({ Action: ['batch:SubmitJob', 'batch:TagResource'], Condition: onlyWithTag });
      const tagging = statements(template()).filter(({ Action }) => Action === 'batch:TagResource');
      expect(tagging).toEqual([expect.objectContaining({ Condition: onlyWithTag })]);
      expect(tagging[0].Resource['Fn::Join'][1].slice(-1)).toEqual([':batch:us-east-1:123456789012:job/*']);
    });

    test('stop jobs with the tag, so that an aborted execution leaves none behind, and no others', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      const stopping = statement(template(), 'batch:TerminateJob');
      expect(stopping.Resource['Fn::Join'][1].slice(-1)).toEqual([':batch:us-east-1:123456789012:job/*']);
      expect(stopping.Condition).toEqual({ StringEquals: { 'aws:ResourceTag/cdk-ecs-workloads:pipeline': queue } });
    });

    test('describe jobs, for which AWS knows no resource: the only statement about everything', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      expect(statements(template()).filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)).toEqual(['batch:DescribeJobs']);
    });

    test('hear of the jobs\' ends', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      expect(statement(template(), 'events:PutRule')).toMatchObject({
        Action: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':events:us-east-1:123456789012:rule/StepFunctionsGetEventsForBatchJobsRule']] },
      });
    });

    test('go on in managed policies where the inline one is full', () => {
      const { pipeline, template } = createPipeline();
      for (let index = 0; index < 61; index++) pipeline.addJob(`Job${index}`, { image: IMAGE });
      template().resourceCountIs('AWS::IAM::ManagedPolicy', 2);
      const counts = Object.values(template().findResources('AWS::IAM::ManagedPolicy'))
        .map((policy) => [policy.Properties.PolicyDocument.Statement[0].Resource].flat().length);
      expect(counts).toEqual([28, 5]);
    });

    test('let others start it', () => {
      const { stack, pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      pipeline.stateMachine.grantStartExecution(new iam.User(stack, 'Operator'));
      template().hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [Match.objectLike({ Action: 'states:StartExecution' })] } });
    });
  });

  test('tells the command that redrives an execution, also as an output of the stack', () => {
    const { stack, pipeline, template } = createPipeline();
    addFiveJobs(pipeline);
    const machine = { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: expect.stringMatching(/^EtlStateMachine/) }] }] };
    const command = {
      'Fn::Join': ['', [
        'aws stepfunctions redrive-execution --region us-east-1 --execution-arn arn:', { Ref: 'AWS::Partition' }, ':states:us-east-1:123456789012:execution:',
        machine, ':EXECUTION_NAME',
      ]],
    };
    expect(stack.resolve(pipeline.redriveCommand)).toEqual(command);
    expect(Object.entries(template().findOutputs('*'))).toEqual([
      [expect.stringMatching(/^EtlRedriveCommand/), { Description: 'Takes up an execution of Stack/Etl that has failed', Value: command }],
    ]);
  });

  describe('graph', () => {
    test('is handed on with each job to the state machine', () => {
      const { pipeline, template } = createPipeline({ description: 'From rows to a model' });
      addFiveJobs(pipeline);
      const definition = definitionOf(template());
      expect(definition.Comment).toBe('From rows to a model');
      expect(definition.StartAt).toBe('Extract');
      expect(Object.keys(definition.States)).toEqual(['Extract', 'Clean and Stats', 'Train', 'Publish']);
      expect(definition.States['Clean and Stats'].Branches.map((branch: any) => branch.StartAt)).toEqual(['Clean', 'Stats']);
      expect(definition.States.Train.Parameters.JobDefinition).toMatch(/^<EtlJobsTrainDefinition/);
    });

    test('is a state machine of the standard type that logs and traces nothing by itself', () => {
      const { pipeline, template } = createPipeline();
      addFiveJobs(pipeline);
      template().hasResourceProperties('AWS::StepFunctions::StateMachine', {
        StateMachineType: Match.absent(),
        LoggingConfiguration: Match.absent(),
        TracingConfiguration: Match.absent(),
      });
    });

    test('says nothing where nothing had to be added', () => {
      const { stack, pipeline } = createPipeline();
      addFiveJobs(pipeline);
      expect(infosOf(stack)).toEqual([]);
    });

    test('says once which edges had to be added', () => {
      const { stack, pipeline } = createPipeline();
      const [a, b] = ['A', 'B'].map((id) => pipeline.addJob(id, { image: IMAGE }));
      pipeline.addJob('C', { image: IMAGE, after: [a, b] });
      pipeline.addJob('D', { image: IMAGE, after: [b] });
      expect(infosOf(stack)).toEqual([
        'a state machine cannot express this graph as it is, so that there is more waiting than was declared: D waits for A',
      ]);
    });

    test('takes an edge that is declared twice for one', () => {
      const { pipeline, template } = createPipeline();
      const extract = pipeline.addJob('Extract', { image: IMAGE });
      pipeline.addJob('Load', { image: IMAGE, after: [extract, extract] });
      expect(Object.keys(definitionOf(template()).States)).toEqual(['Extract', 'Load']);
    });

    test('fails when a job waits for one of another pipeline', () => {
      const { stack, cluster, pipeline } = createPipeline();
      const stranger = new EcsBatchPipeline(stack, 'Other', { cluster }).addJob('Extract', { image: IMAGE });
      expect(() => pipeline.addJob('Load', { image: IMAGE, after: [stranger] })).toThrow(new Error("'after' of \"Load\" must name jobs of the same pipeline, "
        + 'got Stack/Other/Jobs/Extract; add that job here, or start one pipeline from the other (at Stack/Etl)'));
    });

    test('fails when there is no job', () => {
      const { template } = createPipeline();
      expect(template).toThrow("'addJob' must be called at least once, got no job; add one or remove the pipeline (at Stack/Etl)");
    });
  });
});
