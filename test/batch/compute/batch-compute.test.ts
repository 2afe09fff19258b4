import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnParameter, Duration, Size, Stack } from 'aws-cdk-lib/core';
import { createCompute } from './fixtures';
import { BatchCapacity, BatchCompute, ClusterNetwork, EcsBatchPipeline, FairShareOptions, JobCompute, JobSpot } from '../../../src';
import { createCluster, createStack, IMAGE, importedVpc } from '../../util/fixtures';
import { definitionOf } from '../fixtures';

const ENVIRONMENT = 'AWS::Batch::ComputeEnvironment';
const QUEUE = 'AWS::Batch::JobQueue';
const onlyOne = (template: Template, type: string): any => Object.values<any>(template.findResources(type))[0].Properties;

describe('BatchCompute', () => {
  describe('on Fargate', () => {
    test('is a queue before one environment without anything that is for instances', () => {
      const { template } = createCompute();
      expect(onlyOne(template(), ENVIRONMENT)).toEqual({
        Type: 'MANAGED',
        State: 'ENABLED',
        ComputeResources: {
          Type: 'FARGATE',
          MaxvCpus: 256,
          Subnets: expect.anything(),
          SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching('^ComputeSecurityGroup'), 'GroupId'] }],
        },
      });
      template().hasResourceProperties(QUEUE, { Priority: 1, State: 'ENABLED', JobQueueName: Match.absent() });
      template().resourceCountIs('AWS::EC2::LaunchTemplate', 0);
    });

    test('has a second queue on Spot once somebody asks', () => {
      const { compute, template } = createCompute(BatchCapacity.fargate({ maxVcpus: 8 }), { priority: 7 });
      expect(compute.spotJobQueue).toBe(compute.spotJobQueue);
      template().resourcePropertiesCountIs(ENVIRONMENT, { ComputeResources: { Type: 'FARGATE_SPOT', MaxvCpus: 8 } }, 1);
      template().resourcePropertiesCountIs(QUEUE, { Priority: 7 }, 2);
    });
  });

  describe('with instances', () => {
    test('updates in place, with the newest image and the number of its launch template', () => {
      const { template } = createCompute(BatchCapacity.ec2());
      expect(onlyOne(template(), ENVIRONMENT)).toEqual({
        Type: 'MANAGED',
        State: 'ENABLED',
        ReplaceComputeEnvironment: false,
        UpdatePolicy: { TerminateJobsOnUpdate: false, JobExecutionTimeoutMinutes: 30 },
        ComputeResources: {
          Type: 'EC2',
          AllocationStrategy: 'BEST_FIT_PROGRESSIVE',
          MinvCpus: 0,
          MaxvCpus: 256,
          InstanceTypes: ['default_x86_64'],
          InstanceRole: { 'Fn::GetAtt': [expect.stringMatching('^ComputeInstanceProfile'), 'Arn'] },
          Ec2Configuration: [{ ImageType: 'ECS_AL2023' }],
          LaunchTemplate: {
            LaunchTemplateId: { Ref: expect.stringMatching('^ComputeLaunchTemplate') },
            Version: { 'Fn::GetAtt': [expect.stringMatching('^ComputeLaunchTemplate'), 'LatestVersionNumber'] },
          },
          UpdateToLatestImageVersion: true,
          Subnets: expect.anything(),
          SecurityGroupIds: [expect.anything()],
          Tags: { Name: 'Stack/Compute' },
        },
      });
    });

    test('have an encrypted disk, IMDSv2 and user data that Batch can extend', () => {
      const { template } = createCompute(BatchCapacity.ec2());
      const { LaunchTemplateData: data, LaunchTemplateName } = onlyOne(template(), 'AWS::EC2::LaunchTemplate');
      expect(LaunchTemplateName).toBeUndefined();
      expect(data.MetadataOptions).toEqual({ HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
      expect(data.BlockDeviceMappings).toEqual([
        { DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 100, DeleteOnTermination: true } },
      ]);
      const userData: string = data.UserData['Fn::Base64'];
      expect(userData).toMatch(/^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="==BOUNDARY=="\n\n--==BOUNDARY==\nContent-Type: text\/x-shellscript/);
      expect(userData.trimEnd().endsWith('\n--==BOUNDARY==--')).toBe(true);
      expect(userData).toContain('ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true');
    });

    test('have a role that registers them and no more', () => {
      const { template } = createCompute(BatchCapacity.ec2());
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'ec2.amazonaws.com' } }] },
        ManagedPolicyArns: Match.absent(),
        Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'ecs:DiscoverPollEndpoint', Resource: '*' })]) } }],
      });
    });

    test('are as the options say', () => {
      const { template } = createCompute(BatchCapacity.ec2({
        maxVcpus: 64,
        minVcpus: 4,
        instanceTypes: ['m7g', 'c7g.4xlarge'],
        diskSize: Size.gibibytes(500),
        keepWarm: Duration.minutes(45),
        instanceTags: { CostCenter: '42' },
      }));
      template().hasResourceProperties(ENVIRONMENT, {
        ComputeResources: {
          MaxvCpus: 64,
          MinvCpus: 4,
          InstanceTypes: ['m7g', 'c7g.4xlarge'],
          ScalingPolicy: { MinScaleDownDelayMinutes: 45 },
          Tags: { Name: 'Stack/Compute', CostCenter: '42' },
        },
      });
      template().hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { VolumeSize: 500 } }] } });
    });

    test('are Graviton where asked to', () => {
      createCompute(BatchCapacity.ec2({ architecture: ecs.CpuArchitecture.ARM64 })).template()
        .hasResourceProperties(ENVIRONMENT, { ComputeResources: { InstanceTypes: ['default_arm64'] } });
    });

    test('have GPUs, their drivers, and half a day for scarce capacity', () => {
      const { template } = createCompute(BatchCapacity.gpu());
      template().hasResourceProperties(ENVIRONMENT, {
        ComputeResources: { InstanceTypes: ['g5', 'g6'], Ec2Configuration: [{ ImageType: 'ECS_AL2023_NVIDIA' }] },
      });
      template().hasResourceProperties(QUEUE, {
        JobStateTimeLimitActions: Match.arrayWith([Match.objectLike({ Reason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', MaxTimeSeconds: 43_200 })]),
      });
    });

    test('on Spot, are chosen by price and capacity, and none is kept', () => {
      const { compute, template } = createCompute(BatchCapacity.ec2({ minVcpus: 4 }));
      void compute.spotJobQueue;
      template().hasResourceProperties(ENVIRONMENT, {
        ComputeResources: { Type: 'SPOT', AllocationStrategy: 'SPOT_PRICE_CAPACITY_OPTIMIZED', MinvCpus: 0, BidPercentage: Match.absent(), SpotIamFleetRole: Match.absent() },
      });
      template().resourceCountIs('AWS::EC2::LaunchTemplate', 1);
    });

    test.each([
      [Duration.minutes(10), 30], [Duration.hours(2), 120], [Duration.hours(24), 360],
    ])('wait at an update for jobs of %s', (timeout, minutes) => {
      const { stack, cluster, compute } = createCompute(BatchCapacity.ec2());
      new EcsBatchPipeline(stack, 'Etl', { cluster })
        .addJob('Job', { image: IMAGE, timeout, compute: JobCompute.on(compute, { vcpus: 1, memory: Size.gibibytes(1) }) });
      Template.fromStack(stack).hasResourceProperties(ENVIRONMENT, { UpdatePolicy: { JobExecutionTimeoutMinutes: minutes } });
    });

    test('take tokens', () => {
      const stack = createStack();
      const maxVcpus = new CfnParameter(stack, 'Max', { type: 'Number' }).valueAsNumber;
      createCompute(BatchCapacity.ec2({ maxVcpus }), {}, stack);
      Template.fromStack(stack).hasResourceProperties(ENVIRONMENT, { ComputeResources: { MaxvCpus: { Ref: 'Max' } } });
    });
  });

  describe('fallbacks', () => {
    test('stand behind the first, on Spot too', () => {
      const { compute, template } = createCompute(BatchCapacity.gpu());
      compute.addFallback(BatchCapacity.gpu({ instanceTypes: ['g6e'] }));
      void compute.spotJobQueue;
      compute.addFallback(BatchCapacity.gpu({ instanceTypes: ['p5'] }));
      const order = (prefix: string) => ['', 'Second', 'Third'].map((place, index) => ({
        Order: index + 1,
        ComputeEnvironment: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^Compute${prefix}${place}ComputeEnvironment`), 'ComputeEnvironmentArn'] },
      }));
      template().hasResourceProperties(QUEUE, { ComputeEnvironmentOrder: order('') });
      template().hasResourceProperties(QUEUE, { ComputeEnvironmentOrder: order('Spot') });
      template().resourceCountIs('AWS::EC2::LaunchTemplate', 3);
      expect(compute.computeEnvironments).toHaveLength(3);
    });

    test('hold what the first does not', () => {
      const { stack, cluster, compute } = createCompute(BatchCapacity.ec2({ instanceTypes: ['m7i'], maxVcpus: 8 }));
      compute.addFallback(BatchCapacity.ec2({ instanceTypes: ['r7i'], maxVcpus: 64 }));
      const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster });
      const large = JobCompute.on(compute, { vcpus: 32, memory: Size.gibibytes(200) });
      expect(() => pipeline.addJob('Large', { image: IMAGE, compute: large })).not.toThrow();
    });

    test.each([
      ['a fourth', BatchCapacity.ec2(), [BatchCapacity.ec2(), BatchCapacity.ec2()],
        "'addFallback' must leave at most 3 compute environments in a queue, got one more; make a BatchCompute of its own (at Stack/Compute)"],
      ['Fargate beside instances', BatchCapacity.fargate(), [],
        "'addFallback' must not mix Fargate with instances in a queue, got FARGATE beside EC2; make a BatchCompute of its own (at Stack/Compute)"],
      ['ARM beside x86', BatchCapacity.ec2({ instanceTypes: ['m7g'] }), [],
        "'addFallback' must be of the architecture of the queue, which is X86_64, got ARM64; make a BatchCompute of its own (at Stack/Compute)"],
      ['GPUs beside none', BatchCapacity.gpu(), [],
        "'addFallback' must have GPUs where the first has them, got the one and the other: jobs without a GPU would block instances with one; "
          + 'make a BatchCompute of its own (at Stack/Compute)'],
    ])('fails when there is %s', (_, capacity, before, message) => {
      const { compute } = createCompute(BatchCapacity.ec2());
      before.forEach((each) => compute.addFallback(each));
      expect(() => compute.addFallback(capacity)).toThrow(new Error(message));
    });
  });

  describe('shared', () => {
    test('serves several pipelines, which may submit to it and are admitted where their jobs are', () => {
      const { stack, cluster, compute } = createCompute(BatchCapacity.ec2());
      const pipelines = ['One', 'Other'].map((id) => new EcsBatchPipeline(stack, id, { cluster }));
      const size = JobCompute.on(compute, { vcpus: 1, memory: Size.gibibytes(2) });
      pipelines.forEach((pipeline) => pipeline.addJob('Job', { image: IMAGE, compute: size }));
      const template = Template.fromStack(stack);
      template.resourceCountIs(QUEUE, 3);
      template.resourcePropertiesCountIs('AWS::IAM::Role', {
        Policies: [{
          PolicyDocument: {
            Statement: Match.arrayWith([Match.objectLike({
              Action: Match.arrayWith(['batch:SubmitJob']),
              Resource: Match.arrayWith([{ 'Fn::GetAtt': [Match.stringLikeRegexp('^ComputeJobQueue'), 'JobQueueArn'] }]),
            })]),
          },
        }],
      }, 2);
      expect(pipelines[0].connections.securityGroups).toContain(compute.connections.securityGroups[0]);
    });

    test('serves pipelines of other stacks', () => {
      const { stack, cluster, compute } = createCompute(BatchCapacity.ec2());
      const product = new Stack(stack.node.root, 'Product', { env: { account: stack.account, region: stack.region } });
      new EcsBatchPipeline(product, 'Etl', { cluster })
        .addJob('Job', { image: IMAGE, compute: JobCompute.on(compute, { vcpus: 1, memory: Size.gibibytes(2), spot: JobSpot.only({ acceptLostWork: true }) }) });
      expect(() => Template.fromStack(product)).not.toThrow();
    });

    test('may be declared elsewhere', () => {
      const stack = createStack();
      const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
      const jobQueueArn = 'arn:aws:batch:eu-west-1:123456789012:job-queue/shared';
      const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1');
      const compute = BatchCompute.fromAttributes(stack, 'Shared', { jobQueueArn, instances: true, maxVcpus: 16, securityGroup });
      const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster });
      pipeline.addJob('Job', { image: IMAGE, compute: JobCompute.on(compute, { vcpus: 3, memory: Size.gibibytes(2), gpus: 1 }) });
      Template.fromStack(stack).hasResourceProperties('AWS::Batch::JobDefinition', {
        PlatformCapabilities: ['EC2'],
        ContainerProperties: { ResourceRequirements: [{ Value: '3' }, { Value: '2048' }, { Type: 'GPU', Value: '1' }], LinuxParameters: { SharedMemorySize: 1024 } },
      });
      expect(compute.connections.securityGroups).toEqual([securityGroup]);
      const again = new EcsBatchPipeline(stack, 'Again', { cluster });
      expect(() => again.addJob('Large', { image: IMAGE, compute: JobCompute.on(compute, { vcpus: 17, memory: Size.gibibytes(2) }) })).toThrow(
        "'compute' must fit into 'maxVcpus' of Stack/Shared, which is 16, got 17 vCPU; raise 'maxVcpus' or choose a smaller size (at Stack/Again/Jobs/Large)");
      const spot = JobCompute.on(compute, { vcpus: 1, memory: Size.gibibytes(2), spot: JobSpot.only({ acceptLostWork: true }) });
      expect(() => again.addJob('Spot', { image: IMAGE, compute: spot })).toThrow(
        "'spotJobQueueArn' is needed where a job has 'spot', got none; give the queue that stands before Spot capacity (at Stack/Shared)");
    });
  });

  describe('failures', () => {
    test.each<[string, () => unknown, string]>([
      ['no ceiling', () => BatchCapacity.fargate({ maxVcpus: 0 }),
        "'maxVcpus' must be between 1 and 100000, got 0; give the most vCPUs that jobs may use at the same time"],
      ['a floor above the ceiling', () => BatchCapacity.ec2({ minVcpus: 8, maxVcpus: 4 }),
        "'minVcpus' must not be larger than 'maxVcpus', got 8 and 4; swap them"],
      ['a floor below zero', () => BatchCapacity.ec2({ minVcpus: -1 }),
        "'minVcpus' must be between 0 and 100000, got -1; they cost money all the time: 0 for none"],
      ['a disk too small', () => BatchCapacity.ec2({ diskSize: Size.gibibytes(8) }),
        "'diskSize' must be between 30 and 16384, got 8; it is in GiB, and the image needs 30 of them"],
      ['instances kept too briefly', () => BatchCapacity.gpu({ keepWarm: Duration.minutes(5) }),
        "'keepWarm' must be a whole number of minutes between 20 and 10080, got 5; omit it to end instances at once"],
      ['no types', () => BatchCapacity.ec2({ instanceTypes: [] }),
        "'instanceTypes' must have one entry or more, got none; omit it for general instances of the Region"],
      ['optimal', () => BatchCapacity.ec2({ instanceTypes: ['optimal'] }),
        '\'instanceTypes\' must say the CPU architecture, got "optimal", whose meaning AWS has changed; use "default_x86_64" or "default_arm64"'],
      ['old GPUs', () => BatchCapacity.gpu({ instanceTypes: ['p3.2xlarge'] }),
        '\'instanceTypes\' must be of families that Amazon Linux 2023 supports, got "p3.2xlarge"; choose a newer one, such as "g6" or "m7g"'],
      ['no GPUs', () => BatchCapacity.gpu({ instanceTypes: ['m7i'] }),
        '\'instanceTypes\' of BatchCapacity.gpu must have GPUs, got ["m7i"]; choose families such as "g6", or use BatchCapacity.ec2'],
      ['two architectures', () => BatchCapacity.ec2({ instanceTypes: ['m7i', 'm7g'] }),
        '\'instanceTypes\' must all have one CPU architecture, got ["m7i.large","m7g.large"]: they share a machine image; add one capacity for each kind'],
      ['another architecture', () => BatchCapacity.ec2({ instanceTypes: ['m7i'], architecture: ecs.CpuArchitecture.ARM64 }),
        '\'architecture\' must be that of the \'instanceTypes\', got ARM64 beside ["m7i"]; omit it, or choose other types'],
      ['priority out of range', () => createCompute(undefined, { priority: 1001 }),
        "'priority' must be between 0 and 1000, got 1001; higher ones go first (at Stack/Compute)"],
    ])('fails when there is %s', (_, create, message) => {
      expect(create).toThrow(new Error(message));
    });

    test('fails when instances would have no way to ECS', () => {
      const stack = createStack();
      const cluster = createCluster(stack, { network: ClusterNetwork.publicSubnets() });
      expect(() => new BatchCompute(stack, 'Compute', { cluster, capacity: BatchCapacity.ec2() })).toThrow(new Error(
        "'capacity' with instances needs a cluster whose tasks run in private subnets, got public ones: AWS Batch gives its instances no public address; "
        + "give the cluster a 'network' with private subnets, or use Fargate (at Stack/Compute)"));
    });
  });
});

describe('queues that share environments', () => {
  test('have priorities of their own, and all environments', () => {
    const { stack, cluster, compute, template } = createCompute(BatchCapacity.ec2());
    const urgent = compute.addQueue('Urgent', 100);
    compute.addFallback(BatchCapacity.ec2({ instanceTypes: ['m7i'] }));
    const spot = JobSpot.only({ acceptLostWork: true });
    new EcsBatchPipeline(stack, 'Etl', { cluster })
      .addJob('Job', { image: IMAGE, compute: JobCompute.on(urgent, { vcpus: 1, memory: Size.gibibytes(2), spot }) });
    expect(urgent.connections).toBe(compute.connections);
    const [first, second] = Object.keys(template().findResources(ENVIRONMENT, { Properties: { ComputeResources: { Type: 'EC2' } } }));
    const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'ComputeEnvironmentArn'] });
    const order = [{ Order: 1, ComputeEnvironment: arn(first) }, { Order: 2, ComputeEnvironment: arn(second) }];
    template().hasResourceProperties(QUEUE, { Priority: 1, ComputeEnvironmentOrder: order });
    template().hasResourceProperties(QUEUE, { Priority: 100, ComputeEnvironmentOrder: order });
    template().resourcePropertiesCountIs(QUEUE, { Priority: 100 }, 2);
    expect(() => compute.addQueue('Odd', -1)).toThrow("'priority' must be between 0 and 1000, got -1; higher ones go first (at Stack/Compute)");
  });
});

describe('fair share', () => {
  test('is a policy, and each submission says its share and its priority', () => {
    const fairShare = { weights: { training: 3, reports: 1 }, memory: Duration.hours(1), reservePercent: 10 };
    const { stack, cluster, compute, template } = createCompute(BatchCapacity.fargate(), { fairShare });
    const etl = new EcsBatchPipeline(stack, 'Etl', { cluster });
    const size = { vcpus: 1, memory: Size.gibibytes(2) };
    etl.addJob('Train', { image: IMAGE, compute: JobCompute.on(compute, { ...size, share: 'training', priority: 5 }) });
    etl.addJob('Report', { image: IMAGE, compute: JobCompute.on(compute, { ...size, share: 'reports' }) });
    template().hasResourceProperties('AWS::Batch::SchedulingPolicy', {
      Name: Match.absent(),
      FairsharePolicy: {
        ShareDecaySeconds: 3600,
        ComputeReservation: 10,
        ShareDistribution: [{ ShareIdentifier: 'training', WeightFactor: 0.3333 }, { ShareIdentifier: 'reports', WeightFactor: 1 }],
      },
    });
    template().hasResourceProperties(QUEUE, { SchedulingPolicyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ComputeFairShare'), 'Arn'] } });
    template().hasResourceProperties('AWS::Batch::JobDefinition', { SchedulingPriority: 5 });
    template().hasResourceProperties('AWS::Batch::JobDefinition', { SchedulingPriority: 0 });
    const branches = definitionOf(template()).States['Train and Report'].Branches;
    expect(branches.map(({ States }: any) => Object.values<any>(States)[0].Parameters.ShareIdentifier)).toEqual(['training', 'reports']);
  });

  const on = (fairShare: FairShareOptions | undefined, options: object) => () =>
    JobCompute.on(createCompute(undefined, { fairShare }).compute, { vcpus: 1, memory: Size.gibibytes(2), ...options });

  test.each<[string, () => unknown, string]>([
    ['no share', on({ weights: { a: 1 } }, {}),
      '\'share\' must be one of those that the compute has, which are ["a"], got none; choose one, or add it to \'weights\''],
    ['an unknown share', on({ weights: { a: 1 } }, { share: 'b' }),
      '\'share\' must be one of those that the compute has, which are ["a"], got "b"; choose one, or add it to \'weights\''],
    ['a share of a queue without', on(undefined, { share: 'b' }),
      "'share' and 'priority' of a job need compute with 'fairShare', got compute without; omit them, or give the compute shares"],
    ['a priority out of range', on({ weights: { a: 1 } }, { share: 'a', priority: 10_000 }),
      "'priority' must be between 0 and 9999, got 10000; higher ones go first within the share"],
    ['nobody who shares', on({ weights: {} }, {}),
      "'weights' must have 1 to 500 shares, got 0; name who shares, or omit 'fairShare' (at Stack/Compute)"],
    ['an odd id', on({ weights: { 'a-b': 1 } }, {}),
      '\'weights\' must have ids of 1 to 255 letters and digits, got "a-b"; choose another (at Stack/Compute)'],
    ['ids that AWS takes for one', on({ weights: { team: 1, teamB: 1 } }, {}),
      '\'weights\' must have ids of which none begins with another, got ["team","teamB"]; choose others: AWS Batch takes them for one (at Stack/Compute)'],
    ['a weight of nothing', on({ weights: { a: 0 } }, {}),
      "'weights.a' must be between 0.002 and 10000, got 0; twice the weight is twice the vCPUs (at Stack/Compute)"],
    ['a long memory', on({ weights: { a: 1 }, memory: Duration.days(8) }, {}),
      "'memory' must be between 0 and 604800 seconds, got 691200 seconds; that is 7 days at the most (at Stack/Compute)"],
    ['everything kept free', on({ weights: { a: 1 }, reservePercent: 100 }, {}),
      "'reservePercent' must be between 0 and 99, got 100; what is kept free is used by nobody (at Stack/Compute)"],
  ])('fails when there is %s', (_, create, message) => {
    expect(create).toThrow(new Error(message));
  });
});
