import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnParameter, Size, Stack } from 'aws-cdk-lib/core';
import {
  CapacityShare, ClusterCapacity, EcsMicroservice, EcsMicroserviceProps, FargateCluster, InstanceCapacity, ServiceCapacity, ServiceDeployment,
  ServiceScaling, TaskSize,
} from '../../src';
import { createCluster, createStack, ENV, IMAGE } from '../util/fixtures';

interface Capacities {
  readonly general: InstanceCapacity;
  readonly spot: InstanceCapacity;
  readonly arm: InstanceCapacity;
  readonly gpu: InstanceCapacity;
  readonly managed: InstanceCapacity;
}

function addAll(cluster: FargateCluster): Capacities {
  const of = (name: string) => ({ instanceTypes: [new ec2.InstanceType(name)], max: 4 });
  return {
    general: cluster.addCapacity('General', ClusterCapacity.ec2(of('m7i.large'))),
    spot: cluster.addCapacity('Spot', ClusterCapacity.ec2({ ...of('m6i.large'), onDemandPercent: 0 })),
    arm: cluster.addCapacity('Arm', ClusterCapacity.ec2(of('m7g.large'))),
    gpu: cluster.addCapacity('Gpu', ClusterCapacity.ec2(of('g6.xlarge'))),
    managed: cluster.addCapacity('Managed', ClusterCapacity.managedInstances({ instanceTypes: [new ec2.InstanceType('m7g.large')] })),
  };
}

type Choose = (capacities: Capacities) => Partial<EcsMicroserviceProps>;

function createOn(choose: Choose) {
  const stack = createStack();
  const cluster = createCluster(stack);
  const service = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, ...choose(addAll(cluster)) });
  return { stack, cluster, service, template: Template.fromStack(stack) };
}

const theService = (template: Template) => Object.values(template.findResources('AWS::ECS::Service'))[0];

describe('a service on instances', () => {
  test('of an Auto Scaling group: an explicit strategy, no launch type, a task definition for EC2 with an interface of its own', () => {
    const { template } = createOn(({ general }) => ({ capacity: ServiceCapacity.on(general) }));
    template.hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: { Ref: Match.stringLikeRegexp('^PlatformGeneralProvider') }, Weight: 1 }],
      LaunchType: Match.absent(),
      SchedulingStrategy: Match.absent(),
      PlatformVersion: Match.absent(),
      AvailabilityZoneRebalancing: 'ENABLED',
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RequiresCompatibilities: ['EC2'], NetworkMode: 'awsvpc', Cpu: '256', Memory: '512', RuntimePlatform: Match.absent(),
    });
  });

  test('that ECS manages: a task definition for them that says which CPUs it needs', () => {
    const { template } = createOn(({ managed }) => ({ capacity: ServiceCapacity.on(managed), size: TaskSize.onInstances(300, 700) }));
    template.hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: { Ref: Match.stringLikeRegexp('^PlatformManagedProvider') }, Weight: 1 }],
      LaunchType: Match.absent(),
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RequiresCompatibilities: ['MANAGED_INSTANCES'],
      NetworkMode: 'awsvpc',
      Cpu: '300',
      Memory: '700',
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
  });

  test('is spread over several by base and weights', () => {
    createOn(({ general, spot }) => ({ capacity: ServiceCapacity.spread([{ capacity: general, base: 2 }, { capacity: spot, weight: 3 }]) })).template
      .hasResourceProperties('AWS::ECS::Service', {
        CapacityProviderStrategy: [
          { CapacityProvider: { Ref: Match.stringLikeRegexp('^PlatformGeneralProvider') }, Base: 2, Weight: 1 },
          { CapacityProvider: { Ref: Match.stringLikeRegexp('^PlatformSpotProvider') }, Weight: 3 },
        ],
      });
  });

  test('gets GPUs for its main container', () => {
    createOn(({ gpu }) => ({ capacity: ServiceCapacity.on(gpu), size: TaskSize.onInstances(2048, 12000, { gpus: 1 }) })).template
      .hasResourceProperties('AWS::ECS::TaskDefinition', {
        Cpu: '2048',
        Memory: '12000',
        ContainerDefinitions: [Match.objectLike({ ResourceRequirements: [{ Type: 'GPU', Value: '1' }] })],
      });
  });

  test('waits for the association of the provider, so that it is deleted before: service, association, provider, group, template, cluster', () => {
    const { template } = createOn(({ general }) => ({ capacity: ServiceCapacity.on(general) }));
    const resources = template.toJSON().Resources as Record<string, { Type: string; DependsOn?: string[] }>;
    const idOf = (part: string, type: string) => Object.keys(resources).find((id) => id.includes(part) && resources[id].Type === `AWS::${type}`)!;
    const chain = [
      idOf('Orders', 'ECS::Service'), idOf('Capacity', 'ECS::ClusterCapacityProviderAssociations'), idOf('General', 'ECS::CapacityProvider'),
      idOf('General', 'AutoScaling::AutoScalingGroup'), idOf('General', 'EC2::LaunchTemplate'), idOf('Platform', 'ECS::Cluster'),
    ];
    for (const [index, id] of chain.slice(0, -1).entries()) {
      expect({ id, needs: JSON.stringify(resources[id]).includes(`"${chain[index + 1]}"`) }).toEqual({ id, needs: true });
    }
  });

  test('in another stack than the cluster takes the name of the provider over', () => {
    const platform = createStack();
    const cluster = createCluster(platform);
    const { general } = addAll(cluster);
    const product = new Stack(platform.node.root, 'Product', { env: ENV });
    new EcsMicroservice(product, 'Orders', { cluster, image: IMAGE, capacity: ServiceCapacity.on(general) });
    Template.fromStack(product).hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: { 'Fn::ImportValue': Match.stringLikeRegexp('PlatformGeneralProvider') }, Weight: 1 }],
    });
    expect(product.dependencies.map((stack) => stack.node.id)).toEqual(['Stack']);
  });

  test.each<[string, Choose, string]>([
    ['its size is for instances, and its capacity is Fargate', () => ({ size: TaskSize.onInstances(300, 700) }),
      "'size' from TaskSize.onInstances needs capacity with instances, got Fargate; use TaskSize.of, or give 'capacity' with ServiceCapacity.on (at Stack/Orders)"],
    ['it has a disk of Fargate on instances', ({ general }) => ({
      capacity: ServiceCapacity.on(general), size: TaskSize.small({ ephemeralStorage: Size.gibibytes(50) }),
    }), "'ephemeralStorage' is the disk of a task on Fargate, got capacity with instances; give the capacity's 'diskSize', or use TaskSize.onInstances (at Stack/Orders)"],
    ['its architecture is not that of the instances', ({ general }) => ({
      capacity: ServiceCapacity.on(general), size: TaskSize.small({ architecture: ecs.CpuArchitecture.ARM64 }),
    }), "'architecture' must be that of the capacity's instances, X86_64, got ARM64; omit it, or choose other 'instanceTypes' (at Stack/Orders)"],
    ['it wants GPUs of instances that have none', ({ general }) => ({ capacity: ServiceCapacity.on(general), size: TaskSize.onInstances(1024, 2048, { gpus: 1 }) }),
      "'size' with 1 GPUs needs capacity whose 'instanceTypes' have GPUs; give 'capacity' such instances, or omit 'gpus' (at Stack/Orders)"],
    ['its capacities have several architectures', ({ general, arm }) => ({ capacity: ServiceCapacity.spread([{ capacity: general }, { capacity: arm }]) }),
      "'capacity' must be of one CPU architecture, and all with GPUs or all without, got Stack/Platform/General and Stack/Platform/Arm; use one of them, "
      + 'or give both the same kind of instances (at Stack/Orders)'],
    ['its capacities are of two kinds', ({ general, managed }) => ({ capacity: ServiceCapacity.spread([{ capacity: general }, { capacity: managed }]) }),
      "'shares' must all be of one kind, got Stack/Platform/General (EC2) and Stack/Platform/Managed (MANAGED_INSTANCES); ECS does not mix instances of Auto "
      + 'Scaling groups with managed instances'],
  ])('fails when %s', (_, choose, message) => {
    expect(() => createOn(choose)).toThrow(message);
  });

  test('fails when the capacity is of another cluster', () => {
    const stack = createStack();
    const { general } = addAll(createCluster(stack));
    const other = new FargateCluster(stack, 'Other');
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster: other, image: IMAGE, capacity: ServiceCapacity.on(general) })).toThrow(
      "'capacity' must belong to the cluster Stack/Other, got Stack/Platform/General; add capacity to the cluster that the tasks run in (at Stack/Orders)");
  });
});

describe('ServiceCapacity.spread', () => {
  const shares = (...given: Partial<CapacityShare>[]) => () => {
    const { general, spot } = addAll(createCluster(createStack()));
    return ServiceCapacity.spread(given.map((share, index) => ({ capacity: [general, spot][index % 2], ...share })));
  };

  test.each<[string, () => ServiceCapacity, string]>([
    ['there is none', shares(), "'shares' must be 1 to 20 capacities, got 0; ECS takes no more in one strategy"],
    ['there are too many', shares(...Array.from({ length: 21 }, () => ({}))), "'shares' must be 1 to 20 capacities, got 21; ECS takes no more in one strategy"],
    ['one is there twice', shares({}, {}, {}), "'shares' must name each capacity once; add the weights of one that is there twice"],
    ['two have a base', shares({ base: 1 }, { base: 1 }), "'base' must be in one share only: ECS takes one in a strategy; give the others a weight"],
    ['all weights are 0', shares({ weight: 0, base: 1 }, { weight: 0 }), "'weight' must not be 0 in all shares: tasks beyond the base would have no place; set one of them to 1"],
    ['a weight is too large', shares({ weight: 1001 }), "'weight' must be between 0 and 1000, got 1001; it is a share relative to the other weights"],
    ['a base is negative', shares({ base: -1 }), "'base' must be between 0 and 100000, got -1; it is a number of tasks"],
  ])('fails when %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test('alarms that users add through the L2 reach the deployment', () => {
  const stack = createStack();
  const service = new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE });
  service.service.enableDeploymentAlarms(['orders-5xx']);
  Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
    DeploymentConfiguration: { Alarms: { AlarmNames: ['orders-5xx'], Enable: true, Rollback: true } },
  });
});

describe('a change of capacity', () => {
  const nonce = (choose: Choose) => {
    const { EnableForceNewDeployment, ForceNewDeploymentNonce } = theService(createOn(choose).template).Properties.ForceNewDeployment;
    expect(EnableForceNewDeployment).toBe(true);
    return ForceNewDeploymentNonce as string;
  };

  test('is an update that also moves the tasks: the nonce of the deployment changes with the strategy', () => {
    const nonces = [
      nonce(() => ({})),
      nonce(() => ({ capacity: ServiceCapacity.fargateSpot() })),
      nonce(() => ({ capacity: ServiceCapacity.fargate({ spotWeight: 1 }) })),
      nonce(() => ({ capacity: ServiceCapacity.fargate({ spotWeight: 2 }) })),
      nonce(() => ({ capacity: ServiceCapacity.fargate({ onDemandBase: 2, spotWeight: 2 }) })),
      nonce(({ general }) => ({ capacity: ServiceCapacity.on(general) })),
      nonce(({ spot }) => ({ capacity: ServiceCapacity.on(spot) })),
      nonce(({ managed }) => ({ capacity: ServiceCapacity.on(managed) })),
    ];
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  test('is the only thing that changes the nonce', () => {
    const first = nonce(({ general }) => ({ capacity: ServiceCapacity.on(general) }));
    expect(nonce(({ general }) => ({
      capacity: ServiceCapacity.spread([{ capacity: general, weight: 1 }]),
      environment: { STAGE: 'prod' },
      size: TaskSize.of(512, 1024),
      scaling: ServiceScaling.fixed(7),
      deployment: ServiceDeployment.rolling({ maxHealthyPercent: 150 }),
      port: 3000,
    }))).toBe(first);
  });

  test('from Fargate to instances changes no property that would replace the service', () => {
    const before = theService(createOn(() => ({})).template).Properties;
    const after = theService(createOn(({ general }) => ({ capacity: ServiceCapacity.on(general) })).template).Properties;
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
    expect(changed.sort()).toEqual(['CapacityProviderStrategy', 'ForceNewDeployment']);
  });

  test('takes tokens: they are part of the strategy', () => {
    const stack = createStack();
    const weight = new CfnParameter(stack, 'Weight', { type: 'Number' }).valueAsNumber;
    new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE, capacity: ServiceCapacity.fargate({ spotWeight: weight }) });
    const { CapacityProviderStrategy, ForceNewDeployment } = theService(Template.fromStack(stack)).Properties;
    expect(CapacityProviderStrategy[1]).toEqual({ CapacityProvider: 'FARGATE_SPOT', Weight: { Ref: 'Weight' } });
    expect(ForceNewDeployment.ForceNewDeploymentNonce).toMatch(/^[0-9a-f]{8}$/);
  });
});

describe('ServiceScaling.daemon', () => {
  const daemon = (choose: Choose = ({ general }) => ({ capacity: ServiceCapacity.on(general) })) =>
    createOn((capacities) => ({ scaling: ServiceScaling.daemon(), ...choose(capacities) }));

  test('runs one task on each instance of the capacity: what ECS takes for it, and nothing that it refuses', () => {
    const { template } = daemon();
    template.hasResourceProperties('AWS::ECS::Service', {
      SchedulingStrategy: 'DAEMON',
      LaunchType: 'EC2',
      CapacityProviderStrategy: Match.absent(),
      DesiredCount: Match.absent(),
      PlacementStrategies: Match.absent(),
      ForceNewDeployment: Match.absent(),
      AvailabilityZoneRebalancing: 'DISABLED',
      DeploymentConfiguration: { MinimumHealthyPercent: 0, MaximumPercent: 100 },
      PlacementConstraints: [{ Type: 'memberOf', Expression: 'attribute:cdk-ecs-workloads.capacity in [General]' }],
    });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { RequiresCompatibilities: ['EC2'] });
  });

  test('may stand on several capacities, and waits for them', () => {
    daemon(({ general, spot }) => ({ capacity: ServiceCapacity.spread([{ capacity: general }, { capacity: spot }]) })).template.hasResource('AWS::ECS::Service', {
      Properties: { PlacementConstraints: [{ Expression: 'attribute:cdk-ecs-workloads.capacity in [General, Spot]' }] },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^PlatformCapacity')]),
    });
  });

  test.each<[string, Choose, string]>([
    ['on Fargate', () => ({}),
      "'scaling' can be ServiceScaling.daemon() on instances of ClusterCapacity.ec2 only, got capacity of the kind FARGATE; give 'capacity' such instances, "
      + 'or choose another scaling (at Stack/Orders)'],
    ['on managed instances', ({ managed }) => ({ capacity: ServiceCapacity.on(managed) }), 'got capacity of the kind MANAGED_INSTANCES'],
    ['with a deployment', ({ general }) => ({ capacity: ServiceCapacity.on(general), deployment: ServiceDeployment.rolling() }),
      "'deployment' must not be given for ServiceScaling.daemon(): on each instance the old task stops before the new one starts; omit it (at Stack/Orders)"],
  ])('fails when it is %s', (_, choose, message) => {
    expect(() => daemon(choose)).toThrow(message);
  });
});
