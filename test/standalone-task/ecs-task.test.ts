import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, Lazy, Size } from 'aws-cdk-lib/core';
import { createTask, statesOf } from './fixtures';
import {
  ClusterCapacity, ClusterNetwork, ClusterProfile, EbsVolume, EcsMicroservice, EcsTask, FargateCluster, RunOverlap, ServiceCapacity,
  ServiceDiscovery, ServiceRoute, SidecarRole, TaskSize,
} from '../../src';
import { machinesIn } from '../util/asl';
import { createStack, IMAGE, importedVpc } from '../util/fixtures';

describe('EcsTask', () => {
  test('by default: a task definition, and the command that runs it', () => {
    const { template } = createTask();
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '256',
      Memory: '512',
      ContainerDefinitions: [Match.objectLike({
        PortMappings: Match.absent(), Environment: Match.absent(), ReadonlyRootFilesystem: true, StopTimeout: 30,
      })],
      Tags: [{ Key: 'cdk-ecs-workloads:task', Value: Match.stringLikeRegexp('^Stack:c8[0-9a-f]+$') }],
    });
    template().hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Standalone tasks', SecurityGroupIngress: Match.absent() });
    for (const type of ['AWS::ECS::Service', 'AWS::StepFunctions::StateMachine', 'AWS::Scheduler::Schedule', 'AWS::Events::Rule', 'AWS::SQS::Queue']) {
      template().resourceCountIs(type, 0);
    }
  });

  test('the output runs it on its capacity, in its network, with its tags', () => {
    const stack = createStack();
    const cluster = new FargateCluster(stack, 'Platform', { network: ClusterNetwork.existing(importedVpc(stack)), profile: ClusterProfile.DEVELOPMENT });
    new EcsTask(stack, 'Report', { cluster, image: IMAGE, capacity: ServiceCapacity.fargate({ onDemandBase: 1, spotWeight: 3 }) });
    const [{ Value: value }] = Object.values(Template.fromStack(stack).findOutputs('*')).filter(({ Description }) => Description === 'Runs Stack/Report by hand');
    const command = value['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt'].join('.')}>`).join('');
    expect(command.replace(/[0-9A-F]{8}/g, '')).toBe('aws ecs run-task --cluster <PlatformCluster> --task-definition StackReportTaskDefinition '
      + '--capacity-provider-strategy capacityProvider=FARGATE,weight=1,base=1 capacityProvider=FARGATE_SPOT,weight=3 '
      + "--network-configuration 'awsvpcConfiguration={subnets=[subnet-c,subnet-d],securityGroups=[<ReportSecurityGroup.GroupId>],assignPublicIp=DISABLED}' "
      + '--propagate-tags TASK_DEFINITION --enable-ecs-managed-tags');
  });

  test('has a state machine where the run must be followed, and in production an alarm on its failures', () => {
    for (const props of [{ overlap: RunOverlap.skip() }, { timeout: Duration.hours(1) }, { retries: 1 }]) {
      const { task, template } = createTask(props);
      template().resourceCountIs('AWS::StepFunctions::StateMachine', 1);
      template().resourceCountIs('AWS::CloudWatch::Alarm', 0);
      expect(task.stateMachine).toBeDefined();
    }
    const { template } = createTask({}, ClusterProfile.PRODUCTION);
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('^Stack/Report: A run failed'),
      Threshold: 0,
      Metrics: Match.arrayWith([Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName: 'ExecutionsFailed' }) }) })]),
    });
  });

  test('the role of the state machine may run and stop this task, and no other', () => {
    const { template } = createTask({ retries: 1 });
    const [role] = Object.entries(template().findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('ReportRunRole'));
    const statements = role[1].Properties.Policies[0].PolicyDocument.Statement;
    const byAction = Object.fromEntries(statements.map((statement: any) => [[statement.Action].flat().join(' '), statement]));
    const cluster = { ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [expect.stringMatching(/^PlatformCluster/), 'Arn'] } } };
    expect(byAction['ecs:RunTask'].Condition).toEqual(cluster);
    expect(byAction['iam:PassRole'].Resource).toHaveLength(2);
    expect(byAction['ecs:StopTask ecs:DescribeTasks'] ?? byAction['ecs:DescribeTasks ecs:StopTask']).toMatchObject({
      Condition: { StringEquals: { 'aws:ResourceTag/cdk-ecs-workloads:task': expect.stringMatching(/^Stack:c8/) } },
    });
    expect(byAction['ecs:ListTasks']).toMatchObject({ Resource: '*', Condition: cluster });
    expect(statements.filter(({ Resource }: any) => Resource === '*')).toHaveLength(1);
  });

  test('grants running to a function or role, and stopping to who is on call', () => {
    const { stack, task, template } = createTask({ retries: 1 });
    const caller = new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() });
    const onCall = new iam.Role(stack, 'OnCall', { assumedBy: new iam.AccountRootPrincipal() });
    task.grants.run(caller);
    task.grants.stop(onCall);
    const actionsOf = (id: string) => Object.entries(template().findResources('AWS::IAM::Policy')).filter(([name]) => name.startsWith(id))
      .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => Action)).sort();
    expect(actionsOf('Caller')).toEqual(['ecs:RunTask', 'ecs:TagResource', 'iam:PassRole', 'states:StartExecution']);
    expect(actionsOf('OnCall')).toEqual(['ecs:DescribeTasks', 'ecs:ListTasks', 'ecs:StopTask', 'states:DescribeExecution', 'states:ListExecutions', 'states:StopExecution']);
    expect(JSON.parse(stack.resolve(createTask().task.runRequest)['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : 'x').join(''))).toEqual({
      cluster: 'x',
      taskDefinition: expect.stringMatching(/^StackReportTaskDefinition/),
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      networkConfiguration: { awsvpcConfiguration: { subnets: ['x', 'x'], securityGroups: ['x'], assignPublicIp: 'DISABLED' } },
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: true,
    });
  });

  test('is a state of other state machines, whose roles are allowed to run it', () => {
    const { stack, task, template } = createTask({ timeout: Duration.minutes(10) });
    const chain = task.createState(stack, 'Write', { command: ['write'], environment: { DAY: '1' } }).next(task.createState(stack, 'Publish'));
    new sfn.StateMachine(stack, 'Nightly', { definitionBody: sfn.DefinitionBody.fromChainable(chain) });
    const [, nightly] = Object.entries(machinesIn(template().toJSON())).find(([id]) => id.startsWith('Nightly'))! as [string, any];
    expect(nightly.States.Write).toMatchObject({
      Resource: 'arn:<AWS::Partition>:states:::ecs:runTask.sync',
      TimeoutSeconds: 600,
      Parameters: { Overrides: { ContainerOverrides: [{ Name: 'App', Command: ['write'], Environment: [{ Name: 'DAY', Value: '1' }] }] }, PropagateTags: 'TASK_DEFINITION' },
      Next: 'Publish',
    });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^NightlyRole'),
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Action: 'ecs:RunTask' })]) }),
    });
  });

  test('calls services by a route inside the network, or by their name in DNS', () => {
    const { stack, cluster, task, template } = createTask();
    const namespace = new servicediscovery.PrivateDnsNamespace(stack, 'Domain', { vpc: cluster.vpc, name: 'shop.internal' });
    task.connectTo(new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ServiceRoute.insideVpc()] }));
    task.connectTo(new EcsMicroservice(stack, 'Stock', { cluster, image: IMAGE, discovery: ServiceDiscovery.dns({ namespace }) }));
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({
        Environment: [{ Name: 'ORDERS_URL', Value: Match.anyValue() }, { Name: 'STOCK_URL', Value: 'http://stock.shop.internal:8080' }],
      })],
    });
    const hidden = new EcsMicroservice(stack, 'Hidden', { cluster, image: IMAGE });
    expect(() => task.connectTo(hidden)).toThrow(/^'connectTo' cannot reach Stack\/Hidden: Service Connect serves services and queue workers only; .* \(at Stack\/Report\)$/);
  });

  test('runs on instances, with sidecars', () => {
    const stack = createStack();
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const general = cluster.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7g.large')], max: 2 }));
    const task = new EcsTask(stack, 'Report', { cluster, image: IMAGE, size: TaskSize.onInstances(512, 1024), capacity: ServiceCapacity.on(general), retries: 1 });
    task.addSidecar('Cache', { image: IMAGE, role: SidecarRole.HELPER });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { RequiresCompatibilities: ['EC2'], ContainerDefinitions: Match.arrayWith([Match.objectLike({ Name: 'Cache' })]) });
    expect(statesOf(template).Run.Parameters.CapacityProviderStrategy).toEqual([{ CapacityProvider: expect.stringMatching(/Provider/), Weight: 1 }]);
  });

  test('takes tokens', () => {
    const seconds = Lazy.number({ produce: () => 600 });
    createTask({ timeout: Duration.seconds(seconds), retries: Lazy.number({ produce: () => 2 }), environment: { A: Lazy.string({ produce: () => 'b' }) } }).template();
  });

  test('fails when a disk of a service is added', () => {
    expect(() => createTask().task.addExtension('Index', new EbsVolume({ path: '/index', size: Size.gibibytes(10) })))
      .toThrow(/^'EbsVolume' must be added to a service/);
  });

  test.each<[object, string]>([
    [{ timeout: Duration.seconds(59) }, "'timeout' must be between 60 and 31536000 seconds, got 59 seconds; count the time that a task needs to start in, about a minute"],
    [{ retries: 11 }, "'retries' must be between 0 and 10, got 11; a task that fails so often will not succeed by another try"],
  ])('fails when %j', (props, message) => {
    expect(() => createTask(props)).toThrow(new Error(`${message} (at Stack/Report)`));
  });

  test('fails when a plain variable looks like a secret', () => {
    const { stack } = createTask({ environment: { API_TOKEN: 'ghp_8f3kd93kd0s9dk3k2l1m4n5b6v7c8x9z' } });
    expect(() => Template.fromStack(stack)).toThrow(/'environment' must hold no secrets, got "API_TOKEN"/);
  });
});
