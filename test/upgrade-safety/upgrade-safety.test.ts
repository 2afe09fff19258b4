import * as path from 'path';
import { UpgradeEffect, UpgradeFinding, UpgradeSafety } from '../../src';
import { typesWithConsequences } from '../../src/upgrade-safety/consequences';
import { behaviourOf } from '../../src/upgrade-safety/update-behaviour';

type Json = Record<string, any>;

/** A template of one resource, `R`, and what is beside it. */
function template(Type: string, Properties: Json, attributes: Json = {}, beside: Json = {}, sections: Json = {}): Json {
  return { Resources: { R: { Type, Properties, ...attributes }, ...beside }, ...sections };
}

function compare(type: string, before: Json, after: Json, attributes: Json = {}): UpgradeFinding[] {
  return UpgradeSafety.compare(template(type, before, attributes), template(type, after, attributes));
}

function brief(findings: UpgradeFinding[]): string[] {
  return findings.map(({ logicalId, effect, propertyPaths }) => `${logicalId} ${effect} ${propertyPaths.join(' ')}`.trim());
}

const SERVICE = 'AWS::ECS::Service';
const ENVIRONMENT = 'AWS::Batch::ComputeEnvironment';

describe('UpgradeSafety.compare', () => {
  test('finds nothing in the same template, in changes in place, in what is new, and in another order of keys', () => {
    expect(compare(SERVICE, { DesiredCount: 1 }, { DesiredCount: 1 })).toEqual([]);
    expect(compare(SERVICE, { DesiredCount: 1 }, { DesiredCount: 5, Tags: [{ Key: 'a', Value: 'b' }] })).toEqual([]);
    expect(compare('AWS::EC2::FlowLog', { DestinationOptions: { a: 1, b: [2] } }, { DestinationOptions: { b: [2], a: 1 } })).toEqual([]);
    const more = template(SERVICE, {}, {}, { New: { Type: 'AWS::SQS::Queue' } });
    expect(UpgradeSafety.compare(template(SERVICE, {}), more)).toEqual([]);
  });

  test('tells of a replacement all there is to tell', () => {
    const metadata = { Metadata: { 'aws:cdk:path': 'Stack/Orders/Service' } };
    expect(compare(SERVICE, { Cluster: 'one' }, { Cluster: 'two' }, metadata)).toEqual([{
      logicalId: 'R',
      resourceType: 'AWS::ECS::Service',
      constructPath: 'Stack/Orders/Service',
      propertyPaths: ['Cluster'],
      effect: UpgradeEffect.REPLACEMENT,
      meaning: "'Cluster' cannot be changed in place: a new one is made, then the old one is deleted. A second service starts with all of its tasks before the "
        + 'first is stopped with all of its own: twice the tasks for a time, its alarms and scaling begin anew.',
    }]);
  });

  test('takes something said for the first time, or no more, for a change', () => {
    expect(brief(compare(SERVICE, {}, { LaunchType: 'FARGATE' }))).toEqual(['R REPLACEMENT LaunchType']);
    expect(brief(compare(SERVICE, { LaunchType: 'FARGATE' }, {}))).toEqual(['R REPLACEMENT LaunchType']);
    expect(compare(SERVICE, { LaunchType: { Ref: 'AWS::NoValue' } }, {})).toEqual([]);
  });

  test('says that CloudFormation refuses to replace what has a name, unless that changes too', () => {
    const queue = (QueueName: string, FifoQueue?: boolean) => ({ QueueName, FifoQueue });
    const [kept] = compare('AWS::SQS::Queue', queue('orders'), queue('orders', true));
    expect(kept.meaning).toMatch(/Since it has a name of its own \('QueueName'\), CloudFormation refuses to replace it, and the update fails: give it another name too\.$/);
    expect(compare('AWS::SQS::Queue', queue('orders'), queue('orders.fifo', true))[0].meaning).not.toContain('refuses');
  });

  test('says whether what is replaced is kept', () => {
    const logGroup = (attributes: Json) => compare('AWS::Logs::LogGroup', { LogGroupName: 'a' }, { LogGroupName: 'b' }, attributes)[0].meaning;
    expect(logGroup({})).toContain('What was logged goes with the old group.');
    expect(logGroup({ UpdateReplacePolicy: 'Retain' })).toContain("The new one starts empty. The old one is kept ('UpdateReplacePolicy'), outside of the stack.");
    expect(compare('AWS::DynamoDB::Table', { TableName: 'a' }, { TableName: 'b' })[0].meaning).toContain('The new one is empty: what it holds is lost when the old one is deleted.');
  });

  test('follows a replacement to what names it, as far as it leads', () => {
    const stack = (name: string): Json => ({
      Resources: {
        Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: { 'Fn::GetAtt': ['Listener', 'ListenerArn'] } } },
        Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: { Ref: 'Alb' }, Port: 80 } },
        Alb: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: name } },
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Dimensions: [{ Value: { 'Fn::Sub': '${Alb.LoadBalancerFullName}' } }] } },
      },
    });
    expect(brief(UpgradeSafety.compare(stack('internal'), stack('internet-facing')))).toEqual([
      'Rule REPLACEMENT ListenerArn', 'Listener REPLACEMENT LoadBalancerArn', 'Alb REPLACEMENT Scheme',
    ]);
  });

  test('looks into lists', () => {
    const table = (...types: string[]) => ({ GlobalSecondaryIndexes: types.map((ProjectionType) => ({ Projection: { ProjectionType } })) });
    expect(brief(compare('AWS::DynamoDB::GlobalTable', table('ALL', 'ALL'), table('ALL', 'KEYS_ONLY')))).toEqual(['R MAY_REPLACE GlobalSecondaryIndexes.Projection.ProjectionType']);
  });

  test('takes what a parameter, a condition or a mapping decides for possible', () => {
    const name = { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a' };
    const one = template(SERVICE, { Cluster: { Ref: 'Name' } }, {}, {}, { Parameters: { Name: name } });
    const other = template(SERVICE, { Cluster: { Ref: 'Name' } }, {}, {}, { Parameters: { Name: { ...name, Default: '/b' } } });
    expect(brief(UpgradeSafety.compare(one, other))).toEqual(['R MAY_REPLACE Cluster']);
    expect(UpgradeSafety.compare(one, one)).toEqual([]);

    const chosen = { Cluster: { 'Fn::If': ['IsLarge', 'a', 'b'] } };
    const conditions = (value: string) => template(SERVICE, chosen, {}, {}, { Conditions: { IsLarge: { 'Fn::Equals': [value, 'large'] } } });
    expect(brief(UpgradeSafety.compare(conditions('large'), conditions('small')))).toEqual(['R MAY_REPLACE Cluster']);

    const mapped = { Cluster: { 'Fn::FindInMap': ['Names', 'a', 'b'] } };
    const mappings = (value: string) => template(SERVICE, mapped, {}, {}, { Mappings: { Names: { a: { b: value } } } });
    expect(UpgradeSafety.compare(mappings('x'), mappings('y'))[0].meaning).toMatch(/^It may be replaced for 'Cluster': the templates alone do not say; a change set does\. If it is: /);
  });

  test('takes a function in the place of nested properties for possible, where it stands', () => {
    const hidden = { 'Fn::If': ['Large', { SpotIamFleetRole: 'a' }, { SpotIamFleetRole: 'b' }] };
    const found = compare(ENVIRONMENT, { ComputeResources: { SpotIamFleetRole: 'a' } }, { ComputeResources: hidden });
    expect(brief(found)).toEqual(['R MAY_REPLACE ComputeResources']);
  });

  test('tells of a resource under another condition', () => {
    const under = (Condition?: string) => template('AWS::SQS::Queue', {}, { Condition });
    const [found] = UpgradeSafety.compare(under(), under('InProduction'));
    expect(brief([found])).toEqual(['R MAY_REPLACE Condition']);
    expect(found.meaning).toContain('If it goes: Its messages are lost, and senders get errors.');
  });

  test('says that another type under the same id is refused', () => {
    const [found] = UpgradeSafety.compare(template('AWS::SQS::Queue', {}), template('AWS::SNS::Topic', {}));
    expect(found).toMatchObject({ effect: UpgradeEffect.REPLACEMENT, propertyPaths: ['Type'] });
    expect(found.meaning).toContain('CloudFormation refuses that, and the update fails');
  });

  test.each([
    ['AWS::RDS::ProxyTarget', /^It changes, and nothing is known here of 'AWS::RDS::ProxyTarget'/],
    ['Custom::Migration', /^Its handler is called/],
    ['AWS::CloudFormation::Stack', /^What is in a nested stack is not looked at/],
  ])('says of %s that it does not know', (type, meaning) => {
    const [found] = compare(type, { a: 1 }, { a: 2 });
    expect(found).toMatchObject({ effect: UpgradeEffect.UNKNOWN, propertyPaths: ['a'], meaning: expect.stringMatching(meaning) });
    expect(compare(type, { a: 1 }, { a: 1 })).toEqual([]);
  });

  test('does not mind the metadata of CDK', () => {
    expect(compare('AWS::CDK::Metadata', { Analytics: 'a' }, { Analytics: 'b' })).toEqual([]);
    expect(UpgradeSafety.compare(template('AWS::CDK::Metadata', {}), { Resources: {} })).toEqual([]);
  });
});

describe('UpgradeSafety.compare on what is gone', () => {
  const without = { Resources: {} };

  test('is a deletion', () => {
    expect(UpgradeSafety.compare(template(SERVICE, {}), without)).toEqual([expect.objectContaining({
      effect: UpgradeEffect.DELETION,
      propertyPaths: [],
      meaning: 'It is in the template no more, and is deleted at the end of the update. All of its tasks are stopped: requests find nobody any more, '
        + 'what they work on ends after their stop time-out.',
    })]);
    expect(UpgradeSafety.compare(template('AWS::RDS::DBInstance', {}), without)[0].meaning).toContain('What it holds is lost.');
  });

  test('is none if it is retained', () => {
    for (const DeletionPolicy of ['Retain', 'RetainExceptOnCreate']) {
      expect(UpgradeSafety.compare(template('AWS::S3::Bucket', {}, { DeletionPolicy }), without)).toEqual([]);
    }
    expect(brief(UpgradeSafety.compare(template('AWS::RDS::DBInstance', {}, { DeletionPolicy: 'Snapshot' }), without))).toEqual(['R DELETION']);
  });

  test('asks whether the construct was renamed', () => {
    const renamed = (type: string, properties: Json) => ({ Resources: { Again: { Type: type, Properties: properties } } });
    const twin = /"Again" does the same, and is there before: was the construct renamed or moved\?$/;
    expect(UpgradeSafety.compare(template(SERVICE, { Cluster: 'a' }), renamed(SERVICE, { Cluster: 'a' }))[0].meaning).toMatch(twin);
    expect(UpgradeSafety.compare(template(SERVICE, { Cluster: 'a' }), renamed(SERVICE, { Cluster: 'b' }))[0].meaning).not.toMatch(twin);
    const rule = (Priority: number) => ({ Priority, Conditions: ['/orders'] });
    const type = 'AWS::ElasticLoadBalancingV2::ListenerRule';
    expect(UpgradeSafety.compare(template(type, rule(1)), renamed(type, rule(2)))[0].meaning).toMatch(twin);
  });
});

describe('UpgradeSafety.compare on revisions', () => {
  test('of a task definition, and the service that names it', () => {
    const stack = (Image: string) => template(SERVICE, { TaskDefinition: { Ref: 'Task' } }, {}, { Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image }] } } });
    expect(brief(UpgradeSafety.compare(stack('a'), stack('b')))).toEqual(['Task NEW_REVISION ContainerDefinitions']);
    expect(compare('AWS::ECS::TaskDefinition', { Tags: [] }, { Tags: [{ Key: 'a', Value: 'b' }] })).toEqual([]);
  });

  test('of a job definition; one with other tags is another one', () => {
    expect(brief(compare('AWS::Batch::JobDefinition', { Timeout: 1 }, { Timeout: 2 }))).toEqual(['R NEW_REVISION Timeout']);
    expect(brief(compare('AWS::Batch::JobDefinition', { Tags: { a: 1 } }, { Tags: { a: 2 } }))).toEqual(['R REPLACEMENT Tags']);
  });
});

describe('UpgradeSafety.compare on interruptions', () => {
  test('of a service that is set to no tasks', () => {
    expect(brief(compare(SERVICE, { DesiredCount: 2 }, { DesiredCount: 0 }))).toEqual(['R INTERRUPTION DesiredCount']);
    expect(compare(SERVICE, { DesiredCount: 0 }, { DesiredCount: 0, EnableExecuteCommand: true })).toEqual([]);
  });

  test('of a service that has no spare tasks while new ones start', () => {
    const service = (MinimumHealthyPercent: number, PlatformVersion: string) => (
      { DeploymentConfiguration: { MinimumHealthyPercent }, PlatformVersion });
    expect(brief(compare(SERVICE, service(0, '1'), service(0, '2')))).toEqual(['R INTERRUPTION PlatformVersion']);
    expect(compare(SERVICE, service(100, '1'), service(100, '2'))).toEqual([]);
    expect(compare(SERVICE, service(100, '1'), service(0, '1'))).toEqual([]);
  });

  test('of a rule whose weights ECS moves', () => {
    const stack = (condition: string, advanced: boolean): Json => ({
      Resources: {
        Service: {
          Type: SERVICE,
          Properties: { LoadBalancers: [{ ContainerPort: 80, AdvancedConfiguration: advanced ? { ProductionListenerRule: { Ref: 'Rule' } } : undefined }] },
        },
        Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { Conditions: [condition] } },
      },
    });
    expect(brief(UpgradeSafety.compare(stack('/a', true), stack('/b', true)))).toEqual(['Rule INTERRUPTION Conditions']);
    expect(UpgradeSafety.compare(stack('/a', true), stack('/a', true))).toEqual([]);
    expect(UpgradeSafety.compare(stack('/a', false), stack('/b', false))).toEqual([]);
  });

  test('of instances in a group that rolls', () => {
    const attributes = { UpdatePolicy: { AutoScalingRollingUpdate: {} } };
    const group = (Version: string) => ({ LaunchTemplate: { Version } });
    expect(brief(compare('AWS::AutoScaling::AutoScalingGroup', group('1'), group('2'), attributes))).toEqual(['R INTERRUPTION LaunchTemplate']);
    expect(compare('AWS::AutoScaling::AutoScalingGroup', group('1'), group('2'))).toEqual([]);
  });

  test('of a group whose launch template has a new version, though it is named as before', () => {
    const stack = (ImageId: string): Json => ({
      Resources: {
        Group: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] } } },
          UpdatePolicy: { AutoScalingRollingUpdate: {} },
        },
        Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { ImageId } } },
      },
    });
    expect(brief(UpgradeSafety.compare(stack('a'), stack('b')))).toEqual(['Group INTERRUPTION LaunchTemplate']);
  });

  test.each(['AWS::Batch::JobQueue', ENVIRONMENT, 'AWS::Events::Rule', 'AWS::Scheduler::Schedule'])('of %s that is disabled', (type) => {
    expect(brief(compare(type, { State: 'ENABLED' }, { State: 'DISABLED' }))).toEqual(['R INTERRUPTION State']);
    expect(compare(type, { State: 'DISABLED' }, { State: 'DISABLED' })).toEqual([]);
  });
});

describe('UpgradeSafety.compare on a compute environment', () => {
  const environment = (subnet: string, ReplaceComputeEnvironment?: boolean) => (
    { ReplaceComputeEnvironment, ComputeResources: { Subnets: [subnet] } });

  test('with other subnets: replaced, unless it says that it is not', () => {
    expect(brief(compare(ENVIRONMENT, environment('a'), environment('b')))).toEqual(['R REPLACEMENT ComputeResources.Subnets']);
    expect(brief(compare(ENVIRONMENT, environment('a', true), environment('b', true)))).toEqual(['R REPLACEMENT ComputeResources.Subnets']);
    expect(compare(ENVIRONMENT, environment('a', false), environment('b', false))).toEqual([]);
  });

  test('with more room: kept', () => {
    expect(compare(ENVIRONMENT, { ComputeResources: { MaxvCpus: 1 } }, { ComputeResources: { MaxvCpus: 2 } })).toEqual([]);
  });
});

describe('UpgradeSafety.compare fails when', () => {
  test.each<[string, any, string]>([
    ['it is a stack', { node: 1 }, "'before' must be a synthesised template with 'Resources', got an object with [\"node\"]: pass Template.fromStack(stack).toJSON(), or the parsed file of cdk.out"],
    ['it is nothing', undefined, "'before' must be a synthesised template with 'Resources', got undefined: pass Template.fromStack(stack).toJSON(), or the parsed file of cdk.out"],
    ['it is a text', 'Resources: {}', "'before' must be a synthesised template with 'Resources', got \"Resources: {}\": pass Template.fromStack(stack).toJSON(), or the parsed file of cdk.out"],
    ['a resource has no type', { Resources: { A: {} } }, "'before' has the resource \"A\" without a 'Type': pass a template that CloudFormation takes"],
  ])('%s', (_, value, message) => {
    expect(() => UpgradeSafety.compare(value, { Resources: {} })).toThrow(new Error(message));
    expect(() => UpgradeSafety.compare({ Resources: {} }, value)).toThrow(new Error(message.replace('before', 'after')));
  });
});

describe('the table', () => {
  test('has each type whose consequences are written down', () => {
    expect(typesWithConsequences().filter((type) => behaviourOf(type) === undefined)).toEqual([]);
  });

  test('is read when it is asked for, once, and not when the package is loaded', () => {
    const read = jest.spyOn(jest.requireActual<typeof import('fs')>('fs'), 'readFileSync');
    const timesRead = () => read.mock.calls.filter(([file]) => path.basename(String(file)) === 'update-behaviours.json').length;
    jest.isolateModules(() => {
      const { UpgradeSafety: fresh } = jest.requireActual<typeof import('../../src')>('../../src/upgrade-safety/upgrade-safety');
      expect(timesRead()).toBe(0);
      for (let times = 0; times < 2; times++) fresh.compare(template(SERVICE, {}), template(SERVICE, {}));
      expect(timesRead()).toBe(1);
    });
    read.mockRestore();
  });
});
