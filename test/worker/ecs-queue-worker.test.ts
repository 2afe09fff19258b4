import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { createWorker } from './fixtures';
import { ClusterCapacity, ClusterProfile, EcsQueueWorker, FargateCluster, ServiceCapacity, SidecarRole, WorkerQueue } from '../../src';
import { createStack, IMAGE, warningsOf } from '../util/fixtures';

const HOUR = Duration.hours(1);

describe('EcsQueueWorker', () => {
  test('by default: a service without a port or a way in, on queues of its own', () => {
    const { template } = createWorker();
    template().hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: Match.absent(),
      LaunchType: Match.absent(),
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      DeploymentConfiguration: Match.objectLike({ DeploymentCircuitBreaker: { Enable: true, Rollback: true } }),
      LoadBalancers: Match.absent(),
      ServiceConnectConfiguration: Match.absent(),
    });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ PortMappings: Match.absent(), ReadonlyRootFilesystem: true, StopTimeout: 30 })],
    });
    template().hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Tasks of a worker', SecurityGroupIngress: Match.absent() });
    template().resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('two of them, and a queue more for one, fit in one stack', () => {
    const { stack, cluster, worker } = createWorker();
    new EcsQueueWorker(stack, 'Ledger', { cluster, image: IMAGE }).addQueue('Old', WorkerQueue.standard());
    worker.addQueue('Bulk', WorkerQueue.standard());
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 8);
  });

  test('a stack that knows neither account nor Region', () => {
    const stack = createStack({});
    const worker = new EcsQueueWorker(stack, 'Mailer', { cluster: new FargateCluster(stack, 'Platform'), image: IMAGE });
    expect(worker.queue.queueUrl).toBeDefined();
    Template.fromStack(stack).resourceCountIs('AWS::ECS::Service', 1);
  });

  test('the task role may consume the queue, and nothing else', () => {
    const { template } = createWorker();
    template().hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyName: 'Default',
        PolicyDocument: Match.objectLike({
          Statement: [{
            Effect: 'Allow',
            Action: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MailerQueue'), 'Arn'] },
          }],
        }),
      }],
    });
  });

  test('takes sidecars and extensions, as every workload does', () => {
    const { worker, template } = createWorker();
    worker.addSidecar('Cache', { image: IMAGE, role: SidecarRole.HELPER, port: 6379 });
    worker.addExtension('Greeting', { extend: (_, workload) => workload.addEnvironment('GREETING', 'hello') });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({ Environment: Match.arrayWith([{ Name: 'GREETING', Value: 'hello' }]) }), Match.objectLike({ Name: 'Cache' }),
      ],
    });
  });

  test('a worker may be let into other things', () => {
    const { stack, worker } = createWorker();
    const database = new ec2.SecurityGroup(stack, 'Database', { vpc: ec2.Vpc.fromVpcAttributes(stack, 'V', { vpcId: 'vpc-1', availabilityZones: ['a'] }) });
    database.connections.allowFrom(worker, ec2.Port.tcp(5432));
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 5432 });
  });
});

describe('EcsQueueWorker: the time of a message', () => {
  const environmentOf = (template: Template) => {
    const [definition] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
    const [container] = definition.Properties.ContainerDefinitions;
    const names = (container.Environment as { Name: string; Value: unknown }[]).map(({ Name, Value }) => [Name, Value]);
    return { stop: container.StopTimeout, environment: Object.fromEntries(names) };
  };
  const visibilityOf = (template: Template) => Object.values(template.findResources('AWS::SQS::Queue', { Properties: { RedrivePolicy: Match.anyValue() } }))
    .map(({ Properties }) => Properties.VisibilityTimeout);

  test.each([[1, 1, 2], [30, 30, 60], [120, 120, 240]])('%d seconds: it is the time to stop, and the queue hides a message for both', (seconds, stop, visibility) => {
    const { template } = createWorker({ maxMessageTime: Duration.seconds(seconds) });
    expect(environmentOf(template())).toMatchObject({ stop, environment: { MAX_MESSAGE_SECONDS: String(seconds) } });
    expect(environmentOf(template()).environment).not.toHaveProperty('HEARTBEAT_SECONDS');
    expect(visibilityOf(template())).toEqual([visibility]);
    expect(JSON.stringify(template().toJSON())).not.toContain('TaskProtection');
  });

  test.each([[121, 241, 5], [3600, 3720, 62], [43080, 43200, 720]])('%d seconds: protection and heartbeat take over', (seconds, visibility, minutes) => {
    const { template } = createWorker({ maxMessageTime: Duration.seconds(seconds) });
    expect(environmentOf(template())).toMatchObject({
      stop: 120,
      environment: {
        MAX_MESSAGE_SECONDS: String(seconds),
        HEARTBEAT_SECONDS: '60',
        HEARTBEAT_VISIBILITY_SECONDS: '240',
        TASK_PROTECTION_MINUTES: String(minutes),
      },
    });
    expect(visibilityOf(template())).toEqual([visibility]);
  });

  test('a task may protect itself and those of its own worker only', () => {
    const { template } = createWorker({ maxMessageTime: HOUR });
    template().hasResourceProperties('AWS::ECS::Service', {
      Tags: Match.arrayWith([{ Key: 'cdk-ecs-workloads:worker', Value: Match.stringLikeRegexp('^Stack:c8') }]),
      PropagateTags: 'SERVICE',
    });
    template().hasResourceProperties('AWS::IAM::Role', {
      Policies: [Match.objectLike({
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([Match.objectLike({
            Action: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
            Resource: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':ecs:us-east-1:123456789012:task/'), '/*'])] },
            Condition: { StringEquals: { 'aws:ResourceTag/cdk-ecs-workloads:worker': Match.stringLikeRegexp('^Stack:c8') } },
          })]),
        }),
      })],
    });
  });

  test('fails when the time is out of range or not known', () => {
    expect(() => createWorker({ maxMessageTime: Duration.hours(12) })).toThrow("'maxMessageTime' must be between 1 and 43080 seconds, got 43200 seconds; "
      + 'SQS hides a message for 12 hours at most, the time to stop included (at Stack/Mailer)');
    expect(() => createWorker({ maxMessageTime: Duration.seconds(Lazy.number({ produce: () => 5 })) })).toThrow(
      "'maxMessageTime' must be known at synthesis: what the worker is made of follows from it; pass a plain duration (at Stack/Mailer)");
  });

  test('a longer time to stop is part of the visibility', () => {
    const { template } = createWorker({ container: { stopTimeout: Duration.seconds(100) } });
    expect(environmentOf(template())).toMatchObject({ stop: 100, environment: { MAX_MESSAGE_SECONDS: '30' } });
    expect(visibilityOf(template())).toEqual([130]);
    const long = createWorker({ maxMessageTime: HOUR, container: { stopTimeout: Duration.seconds(10) } });
    expect(visibilityOf(long.template())).toEqual([3610]);
  });

  test('fails when a stop would cut messages off', () => {
    expect(() => createWorker({ maxMessageTime: Duration.seconds(60), container: { stopTimeout: Duration.seconds(20) } })).toThrow(
      "'container.stopTimeout' must be at least 'maxMessageTime', got 20 seconds in the chain: message 60 s, stop 20 s, visibility 80 s: a task would be killed in "
      + "the middle of a message; give 'container.stopTimeout' 60 seconds or more, omit it, or shorten 'maxMessageTime' (at Stack/Mailer)");
  });

  test('fails when a queue hides messages for less', () => {
    const minute = Duration.seconds(60);
    expect(() => createWorker({ maxMessageTime: minute, queue: WorkerQueue.standard({ visibilityTimeout: minute }) })).toThrow(
      "'visibilityTimeout' must be at least 120 seconds (maxMessageTime 60 and 60 to stop), got 60 seconds; a second task would get a message that the first one "
      + "still works on. Set a longer one, or a shorter 'maxMessageTime' (at Stack/Mailer)");
  });

  test.each(['QUEUE_URL', 'QUEUE_URLS', 'MAX_MESSAGE_SECONDS'])('fails when %s is set by hand', (name) => {
    expect(() => createWorker({ secrets: { [name]: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromStringParameterName(createStack(), 'P', 'p')) } }))
      .toThrow(`'secrets' must not set "${name}": the worker sets it itself; choose another name (at Stack/Mailer)`);
  });
});

describe('EcsQueueWorker: capacity', () => {
  const SPOT = ServiceCapacity.fargate({ onDemandBase: 1, spotWeight: 1 });
  const strategyOf = (template: Template) => Object.values(template.findResources('AWS::ECS::Service'))
    .map(({ Properties }) => Properties.CapacityProviderStrategy.map((share: { CapacityProvider: string }) => share.CapacityProvider));

  test('fails when Spot is asked for and a message outlasts its notice', () => {
    expect(() => createWorker({ capacity: SPOT, maxMessageTime: Duration.minutes(5) })).toThrow(
      "'capacity' must not have Spot where a message may take longer than its notice of two minutes, got 'maxMessageTime' of 300 seconds; use on-demand capacity, "
      + "or set 'interruptible' if work may begin anew (at Stack/Mailer)");
  });

  test.each([
    ['short messages', { maxMessageTime: Duration.minutes(2) }],
    ['interruptible work', { maxMessageTime: Duration.minutes(5), interruptible: true }],
  ])('Spot is fine for %s', (_, props) => {
    expect(strategyOf(createWorker({ ...props, capacity: SPOT }).template())).toEqual([['FARGATE', 'FARGATE_SPOT']]);
    expect(strategyOf(createWorker(props, ClusterProfile.DEVELOPMENT).template())).toEqual([['FARGATE_SPOT']]);
  });

  test('long messages run on demand where the profile would say Spot', () => {
    expect(strategyOf(createWorker({ maxMessageTime: HOUR }, ClusterProfile.DEVELOPMENT).template())).toEqual([['FARGATE']]);
  });

  test('warns where the default capacity of the cluster has Spot and a message outlasts its notice', () => {
    const stack = createStack();
    const cluster = new FargateCluster(stack, 'Platform');
    cluster.useCapacityByDefault(ServiceCapacity.on(cluster.addCapacity('General', ClusterCapacity.ec2({
      instanceTypes: [new ec2.InstanceType('m7i.large')], max: 4, onDemandPercent: 50,
    }))));
    new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE, maxMessageTime: HOUR });
    expect(warningsOf(stack)).toContainEqual(
      "/Stack/Mailer: the cluster's default capacity has Spot, which is taken back with a notice of two minutes, and a message may take 3600 "
      + "seconds: its work is lost then, and begins anew. Give 'capacity' without Spot, or set 'interruptible'. [ack: cdk-ecs-workloads:longMessagesOnSpot]");
  });

  test('on-demand instances by default get no warning', () => {
    const stack = createStack();
    const cluster = new FargateCluster(stack, 'Platform');
    cluster.useCapacityByDefault(ServiceCapacity.on(cluster.addCapacity('General', ClusterCapacity.managedInstances())));
    new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE, maxMessageTime: HOUR });
    expect(warningsOf(stack).filter((text) => text.includes('longMessagesOnSpot'))).toEqual([]);
  });

  test('on-demand capacity that was chosen is taken', () => {
    expect(strategyOf(createWorker({ capacity: ServiceCapacity.fargate(), maxMessageTime: HOUR }).template())).toEqual([['FARGATE']]);
  });
});

describe('EcsQueueWorker: alarms', () => {
  const alarmsOf = (template: Template) => Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => ({
    id: id.replace(/^Mailer|[0-9A-F]{8}$/g, ''), expression: Properties.Metrics[0].Expression, threshold: Properties.Threshold, periods: Properties.EvaluationPeriods,
  }));

  test('age, dead letters, consumers for each queue, running tasks and memory, in production', () => {
    const { worker, template } = createWorker({ maxMessageTime: Duration.minutes(10) });
    worker.addQueue('Bulk', WorkerQueue.standard({ maxAge: Duration.days(1) }));
    expect(alarmsOf(template())).toEqual([
      { id: 'OldestMessageAlarm', expression: 'age', threshold: 1500, periods: 3 },
      { id: 'DeadLetterAlarm', expression: 'dead', threshold: 0, periods: 1 },
      { id: 'ConsumerAlarm', expression: 'IF(FILL(done, 0) > 0, 0, waiting)', threshold: 0, periods: 25 },
      { id: 'RunningTasksAlarm', expression: 'desired - running', threshold: 0, periods: 10 },
      { id: 'MemoryAlarm', expression: 'memory', threshold: 90, periods: 15 },
      { id: 'BulkOldestMessageAlarm', expression: 'age', threshold: 86400, periods: 3 },
      { id: 'BulkDeadLetterAlarm', expression: 'dead', threshold: 0, periods: 1 },
      { id: 'BulkConsumerAlarm', expression: 'IF(FILL(done, 0) > 0, 0, waiting)', threshold: 0, periods: 25 },
    ]);
  });

  test('none in development, but what wakes the worker; none on running tasks without Container Insights', () => {
    const development = createWorker({}, ClusterProfile.DEVELOPMENT);
    expect(alarmsOf(development.template()).map(({ id }) => id)).toEqual(['WakeTrigger', 'SleepTrigger']);
    const stack = createStack();
    const cluster = new FargateCluster(stack, 'Platform', { containerInsights: ecs.ContainerInsights.DISABLED });
    new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE });
    expect(alarmsOf(Template.fromStack(stack)).map(({ id }) => id)).toEqual(['OldestMessageAlarm', 'DeadLetterAlarm', 'ConsumerAlarm', 'MemoryAlarm']);
  });
});

describe('EcsQueueWorker: several queues', () => {
  test('the application is told of them by priority, and may consume each', () => {
    const { worker, template } = createWorker();
    const bulk = worker.addQueue('Bulk', WorkerQueue.standard());
    expect(bulk).not.toBe(worker.queue);
    const urls = [{ Ref: Match.stringLikeRegexp('^MailerQueue') }, ' ', { Ref: Match.stringLikeRegexp('^MailerBulkQueue') }];
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({
        Environment: Match.arrayWith([
          { Name: 'QUEUE_URL', Value: { Ref: Match.stringLikeRegexp('^MailerQueue') } },
          { Name: 'QUEUE_URLS', Value: { 'Fn::Join': ['', urls] } },
        ]),
      })],
    });
    template().hasResourceProperties('AWS::IAM::Role', {
      Policies: [Match.objectLike({
        PolicyDocument: Match.objectLike({
          Statement: [Match.objectLike({
            Resource: [
              { 'Fn::GetAtt': [Match.stringLikeRegexp('^MailerBulkQueue'), 'Arn'] }, { 'Fn::GetAtt': [Match.stringLikeRegexp('^MailerQueue'), 'Arn'] },
            ],
          })],
        }),
      })],
    });
  });

  test('fails when there are more than scaling can count', () => {
    const { worker } = createWorker();
    ['Two', 'Three', 'Four'].forEach((id) => worker.addQueue(id, WorkerQueue.standard()));
    expect(() => worker.addQueue('Five', WorkerQueue.standard())).toThrow(
      "'addQueue' can be called 3 times at most, got \"Five\" after 4 queues: scaling counts no more of them; make another worker for it (at Stack/Mailer)");
  });
});

describe('EcsQueueWorker: grants', () => {
  const statementsOf = (template: Template) => Object.values(template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

  test('send: to all queues, also to later ones, and nothing more', () => {
    const { stack, worker, template } = createWorker();
    worker.grants.send(new iam.Role(stack, 'Shop', { assumedBy: new iam.AccountRootPrincipal() }));
    worker.addQueue('Bulk', WorkerQueue.standard());
    expect(statementsOf(template())).toEqual(['MailerQueue', 'MailerBulkQueue'].map((id) => ({
      Effect: 'Allow',
      Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
      Resource: { 'Fn::GetAtt': [expect.stringMatching(`^${id}`), 'Arn'] },
    })));
  });

  test('redrive: from the dead-letter queue to the queue', () => {
    const { stack, worker, template } = createWorker();
    const grant = worker.grants.redrive(new iam.Role(stack, 'OnCall', { assumedBy: new iam.AccountRootPrincipal() }));
    expect(grant.success).toBe(true);
    const statements = statementsOf(template());
    const of = (logicalId: RegExp) => statements.filter(({ Resource }) => logicalId.test(JSON.stringify(Resource))).flatMap(({ Action }) => Action);
    expect(of(/"MailerDeadLetterQueue/)).toEqual(expect.arrayContaining(['sqs:StartMessageMoveTask', 'sqs:ReceiveMessage', 'sqs:DeleteMessage']));
    expect(of(/"MailerQueue/)).toEqual(expect.arrayContaining(['sqs:SendMessage']));
    expect(of(/"MailerQueue/)).not.toContain('sqs:DeleteMessage');
  });
});
