import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import {
  ApprovalTimeoutAction, ClusterIngress, ClusterNetwork, ClusterProfile, DeploymentHook, DeploymentStage, EcsMicroservice,
  EcsMicroserviceProps, EcsQueueWorker, FargateCluster, RouteAuthentication, ServiceDeployment, ServiceRoute, ServiceScaling, TestRoute,
} from '../../src';
import { createCluster, createService, createStack, IMAGE, importedVpc } from '../util/fixtures';

const ROUTE = ServiceRoute.internetFacing({ paths: ['/orders/*'] });
const INSIDE = ServiceRoute.insideVpc({ paths: ['/orders/*'] });
const HEADER = TestRoute.header('x-release', 'next');
const logical = (pattern: string) => ({ Ref: Match.stringLikeRegexp(pattern) });

/** A service on an imported network, which is quick to synthesise. */
function deploy(deployment: ServiceDeployment, props: Partial<EcsMicroserviceProps> = {}, profile = ClusterProfile.DEVELOPMENT) {
  const stack = createStack();
  const internalIngress = ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/16')] });
  const cluster = new FargateCluster(stack, 'Platform', { profile, internalIngress, network: ClusterNetwork.existing(importedVpc(stack)) });
  const service = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE], deployment, ...props });
  return { stack, cluster, service, template: () => Template.fromStack(stack) };
}

function ruleOf(template: Template, id: RegExp) {
  const rules = Object.entries(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule')).filter(([name]) => id.test(name));
  expect(rules).toHaveLength(1);
  return rules[0][1];
}

describe('ServiceDeployment', () => {
  describe('rolling', () => {
    test('takes the number of failed tasks after which it gives up', () => {
      deploy(ServiceDeployment.rolling({ failureThreshold: 5 })).template().hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: {
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
          DeploymentCircuitBreaker: { Enable: true, Rollback: true, ThresholdConfiguration: { Type: 'COUNT', Value: 5 } },
          Strategy: Match.absent(),
          Alarms: Match.absent(),
        },
      });
    });

    test.each([0, 1001, 1.5])('fails when the threshold is %p', (failureThreshold) => {
      expect(() => ServiceDeployment.rolling({ failureThreshold })).toThrow(/^'failureThreshold' must be (a whole number )?between 1 and 1000, got .*; a few failures tell a bad version from bad luck$/);
    });
  });

  describe('strategies that shift requests', () => {
    test('blueGreen: both groups, one weighted rule, no circuit breaker', () => {
      const template = deploy(ServiceDeployment.blueGreen({ bakeTime: Duration.minutes(15) })).template();
      template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 2);
      template.hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: {
          MinimumHealthyPercent: 100, MaximumPercent: 200, Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 15, DeploymentCircuitBreaker: Match.absent(), LifecycleHooks: Match.absent(),
        },
        LoadBalancers: [{
          ContainerName: 'App',
          ContainerPort: 8080,
          TargetGroupArn: logical('^OrdersTargetGroup'),
          AdvancedConfiguration: {
            AlternateTargetGroupArn: logical('^OrdersAlternateTargetGroup'),
            ProductionListenerRule: logical('^OrdersRoute'),
            TestListenerRule: Match.absent(),
            RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersDeploymentRole'), 'Arn'] },
          },
        }],
      });
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
        Actions: [{
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: logical('^OrdersTargetGroup'), Weight: 1 },
              { TargetGroupArn: logical('^OrdersAlternateTargetGroup'), Weight: 0 },
            ],
          },
        }],
      });
    });

    test('both groups are checked and drained alike', () => {
      const groups = Object.values(deploy(ServiceDeployment.canary()).template().findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
      expect(groups[0].Properties).toEqual(groups[1].Properties);
    });

    test('canary and linear: percent and times', () => {
      deploy(ServiceDeployment.canary({ percent: 2.5, stepBakeTime: Duration.minutes(3), bakeTime: Duration.minutes(0) })).template()
        .hasResourceProperties('AWS::ECS::Service', {
          DeploymentConfiguration: { Strategy: 'CANARY', BakeTimeInMinutes: 0, CanaryConfiguration: { CanaryPercent: 2.5, CanaryBakeTimeInMinutes: 3 } },
        });
      deploy(ServiceDeployment.linear()).template().hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: { Strategy: 'LINEAR', BakeTimeInMinutes: 10, LinearConfiguration: { StepPercent: 20, StepBakeTimeInMinutes: 5 } },
      });
    });

    test('the role may shift these rules and groups, and nothing else', () => {
      const { template } = deploy(ServiceDeployment.blueGreen({ testRoute: HEADER }));
      const [[, role]] = Object.entries(template().findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('OrdersDeploymentRole'));
      expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
        { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' } },
      ]);
      const statements = role.Properties.Policies[0].PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
      expect(statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action)).toEqual([
        'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetHealth',
      ]);
      const refs = (action: string) => JSON.stringify(statements.find(({ Action }) => Action.includes(action))!.Resource).match(/Orders[A-Za-z]+(?=[0-9a-f])/g);
      expect(refs('elasticloadbalancing:ModifyRule')).toHaveLength(2);
      expect(refs('elasticloadbalancing:RegisterTargets')).toHaveLength(2);
    });

    test('the service waits for its rules', () => {
      const template = deploy(ServiceDeployment.blueGreen({ testRoute: HEADER })).template();
      const [service] = Object.values(template.findResources('AWS::ECS::Service'));
      expect(service.DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule'))));
    });

    test('on two load balancers, each has its pair', () => {
      const template = deploy(ServiceDeployment.blueGreen(), { routes: [ROUTE, INSIDE] }).template();
      template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 4);
      template.hasResourceProperties('AWS::ECS::Service', {
        LoadBalancers: [
          { AdvancedConfiguration: { ProductionListenerRule: logical('^OrdersRoute') } },
          { AdvancedConfiguration: { ProductionListenerRule: logical('^OrdersInternalRoute') } },
        ],
      });
    });

    test('one value serves two services', () => {
      const { stack, cluster, template } = deploy(ServiceDeployment.blueGreen({ testRoute: HEADER }));
      const deployment = ServiceDeployment.canary({ testRoute: HEADER, hooks: [DeploymentHook.smokeTest({ path: '/a' })] });
      new EcsMicroservice(stack, 'One', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/a'] })], deployment });
      new EcsMicroservice(stack, 'Two', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/a', '/b'], hosts: ['b.example.com'] })], deployment });
      expect(Object.keys(template().findResources('AWS::Lambda::Function')).filter((id) => id.includes('SmokeTest'))).toHaveLength(2);
    });
  });

  describe('test route', () => {
    test('by header: what the route asks for and the header, before the live rule', () => {
      const template = deploy(ServiceDeployment.blueGreen({ testRoute: HEADER })).template();
      const [live, tested] = [ruleOf(template, /^OrdersRoute/), ruleOf(template, /^OrdersTestRoute/)];
      expect(tested.Properties.Conditions).toEqual([
        ...live.Properties.Conditions, { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-release', Values: ['next'] } },
      ]);
      expect(tested.Properties.Priority).toBeLessThan(live.Properties.Priority);
      expect(tested.Properties.Actions).toEqual(live.Properties.Actions);
      template.hasResourceProperties('AWS::ECS::Service', {
        LoadBalancers: [{ AdvancedConfiguration: { TestListenerRule: logical('^OrdersTestRoute') } }],
      });
    });

    test('by header, with a written priority: takes that number, and the live rule the next one', () => {
      const routes = [ServiceRoute.internetFacing({ paths: ['/orders/*'], priority: 7 })];
      const template = deploy(ServiceDeployment.blueGreen({ testRoute: HEADER }), { routes }).template();
      expect(ruleOf(template, /^OrdersTestRoute7/).Properties.Priority).toBe(7);
      expect(ruleOf(template, /^OrdersRoute8/).Properties.Priority).toBe(8);
    });

    test('adding one by header leaves the live rule as it is', () => {
      const live = (testRoute?: TestRoute) => ruleOf(deploy(ServiceDeployment.blueGreen({ testRoute })).template(), /^OrdersRoute/);
      expect(live(HEADER)).toEqual(live());
    });

    test('by port: a listener that nobody may call but whom one allows, shared by services', () => {
      const testRoute = TestRoute.port(8443, { allowedSources: [ec2.Peer.ipv4('10.1.0.0/16')] });
      const { stack, cluster, template } = deploy(ServiceDeployment.blueGreen({ testRoute }));
      new EcsMicroservice(stack, 'Users', {
        cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/users'] })], deployment: ServiceDeployment.canary({ testRoute }),
      });
      const listeners = Object.entries(template().findResources('AWS::ElasticLoadBalancingV2::Listener', { Properties: { Port: 8443 } }));
      expect(listeners).toHaveLength(1);
      const [[id, listener]] = listeners;
      expect(listener.Properties).toMatchObject({ Protocol: 'HTTP', DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }] });
      expect(ruleOf(template(), /^OrdersTestRoute/).Properties.ListenerArn).toEqual({ Ref: id });
      const groups = JSON.stringify(template().findResources('AWS::EC2::SecurityGroup'));
      expect(groups.match(/"FromPort":8443/g)).toHaveLength(1);
      expect(groups).toContain('10.1.0.0/16');
    });

    test.each([
      [() => TestRoute.port(443), "'port' must not be 80 or 443, which the load balancer has for its live requests, got 443; write 8443"],
      [() => TestRoute.port(0), "'port' must be between 1 and 65535, got 0; write 8443"],
      [() => TestRoute.header('x release', 'next'), "'name' must be the name of a header with up to 40 characters, got \"x release\"; write 'x-release'"],
      [() => TestRoute.header('Host', 'next'), "'name' must not be \"host\": a load balancer compares it with the hosts of a route; write 'x-release'"],
      [() => TestRoute.header('x-release', 'n*'), "'value' must be 1 to 128 characters without '*' and '?', which are wildcards to a load balancer, got \"n*\"; write 'next'"],
    ])('fails when it cannot be: %#', (create, message) => {
      expect(create).toThrow(new Error(message));
    });

    test('fails when the route asks for the header itself', () => {
      const routes = [ServiceRoute.internetFacing({ paths: ['/orders'], headers: { 'X-Release': ['a'] } })];
      expect(() => deploy(ServiceDeployment.blueGreen({ testRoute: HEADER }), { routes })).toThrow(new Error(
        '\'testRoute\' must be by a header that the service\'s route does not ask for, got "x-release"; choose another one (at Stack/Orders)'));
    });

    test('fails when the rule has no room for the header', () => {
      const routes = [ServiceRoute.internetFacing({ paths: ['/a', '/b', '/c', '/d', '/e'] })];
      expect(() => deploy(ServiceDeployment.blueGreen({ testRoute: HEADER }), { routes })).toThrow(new Error(
        '\'testRoute\' by header "x-release" must fit into one listener rule with what the route asks for, and a rule has 5 values; name less in the route, '
        + 'or use TestRoute.port (at Stack/Orders)'));
    });

    test('fails by port on a load balancer of another app', () => {
      const stack = createStack();
      const cluster = new FargateCluster(stack, 'Platform', {
        network: ClusterNetwork.existing(importedVpc(stack)),
        ingress: ClusterIngress.existing({
          listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef',
          securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
          url: 'https://api.example.com',
          idleTimeout: Duration.seconds(60),
        }),
      });
      const deployment = ServiceDeployment.blueGreen({ testRoute: TestRoute.port(8443) });
      expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE], deployment })).toThrow(new Error(
        "'testRoute' by port needs a load balancer of this app, to which a listener can be added, got one of another app; use TestRoute.header (at Stack/Orders)"));
    });
  });

  describe('bounds', () => {
    test.each([
      [() => ServiceDeployment.blueGreen({ bakeTime: Duration.hours(25) }), "'bakeTime' must be a whole number of minutes between 0 and 1440, got 1500; ECS keeps the old version for a day at most"],
      [() => ServiceDeployment.blueGreen({ bakeTime: Duration.seconds(90) }), "'bakeTime' must be a whole number of minutes between 0 and 1440, got 1.5; ECS keeps the old version for a day at most"],
      [() => ServiceDeployment.canary({ stepBakeTime: Duration.hours(25) }), "'stepBakeTime' must be a whole number of minutes between 0 and 1440, got 1500; a step lasts a day at most"],
      [() => ServiceDeployment.canary({ percent: 0 }), "'percent' must be between 0.1 and 100, got 0; 5 to 10 bounds the harm and still says something"],
      [() => ServiceDeployment.canary({ percent: 0.15 }), "'percent' must be a multiple of 0.1 between 0.1 and 100, got 0.15; 5 to 10 bounds the harm and still says something"],
      [() => ServiceDeployment.linear({ stepPercent: 2 }), "'stepPercent' must be between 3 and 100, got 2; 10 to 25 keeps a deployment within an hour"],
      [() => ServiceDeployment.canary({ stepBakeTime: Duration.hours(20), bakeTime: Duration.hours(20) }),
        "'canary' takes 2400 minutes with its steps, 'bakeTime' and approvals, and CloudFormation refuses what takes longer than 1980 (33 hours); shorten them"],
      [() => ServiceDeployment.linear({ stepPercent: 11, stepBakeTime: Duration.minutes(220), bakeTime: Duration.minutes(1) }),
        "'linear' takes 1981 minutes with its steps, 'bakeTime' and approvals, and CloudFormation refuses what takes longer than 1980 (33 hours); shorten them"],
    ])('fails when out of them: %#', (create, message) => {
      expect(create).toThrow(new Error(message));
    });

    test.each([
      () => ServiceDeployment.linear({ stepPercent: 11, stepBakeTime: Duration.minutes(220), bakeTime: Duration.minutes(0) }),
      () => ServiceDeployment.linear({ stepPercent: 20, stepBakeTime: Duration.minutes(495), bakeTime: Duration.minutes(0) }),
      () => ServiceDeployment.canary({ stepBakeTime: Duration.minutes(990), bakeTime: Duration.minutes(990) }),
      () => ServiceDeployment.canary({ percent: 0.3, bakeTime: Duration.minutes(new CfnParameter(new Stack(), 'Minutes', { type: 'Number' }).valueAsNumber) }),
    ])('takes 33 hours, and what is known at deployment only: %#', (create) => {
      expect(create).not.toThrow();
    });

    test('an approval before each step counts as often', () => {
      const approval = (timeout: Duration) => DeploymentHook.approval({
        notify: new sns.Topic(new Stack(), 'Topic'), timeout, stage: DeploymentStage.PRE_PRODUCTION_TRAFFIC_SHIFT,
      });
      const linear = (minutes: number) => ServiceDeployment.linear({ stepPercent: 50, hooks: [approval(Duration.minutes(minutes))] });
      expect(() => linear(982)).not.toThrow();
      expect(() => linear(983)).toThrow("'linear' takes 1981 minutes");
    });
  });

  describe('fails when ECS has no way', () => {
    test('without a route, in a service or a worker', () => {
      const message = (path: string) => new Error("'deployment' by ServiceDeployment.blueGreen shifts the requests of a route, got a workload without 'routes'; "
        + `give a service one, or use ServiceDeployment.rolling (at Stack/${path})`);
      expect(() => deploy(ServiceDeployment.blueGreen(), { routes: [] })).toThrow(message('Orders'));
      const stack = createStack();
      expect(() => new EcsQueueWorker(stack, 'Mailer', { cluster: createCluster(stack), image: IMAGE, deployment: ServiceDeployment.blueGreen() })).toThrow(message('Mailer'));
    });

    test('a route by TCP', () => {
      expect(() => deploy(ServiceDeployment.canary(), { routes: [ROUTE, ServiceRoute.tcp({ port: 5432 })] })).toThrow(new Error(
        "'routes' by TCP, UDP and TLS must not be given with ServiceDeployment.canary: connections stay with the tasks that took them, so that only requests of HTTP "
        + 'are shifted here; use ServiceDeployment.rolling, or make two services of it (at Stack/Orders)'));
    });

    test('two routes on one load balancer', () => {
      expect(() => deploy(ServiceDeployment.linear(), { routes: [ROUTE, ServiceRoute.internetFacing({ hosts: ['a.example.com'] })] })).toThrow(new Error(
        "'routes' must be one on each load balancer with ServiceDeployment.linear, because ECS shifts one listener rule, got 2; write one route with all 'paths' or "
        + "'hosts', or use ServiceDeployment.rolling (at Stack/Orders)"));
    });

    test('a route of two rules', () => {
      const routes = [ServiceRoute.internetFacing({ paths: ['/a', '/b', '/c', '/d', '/e', '/f'] })];
      expect(() => deploy(ServiceDeployment.blueGreen(), { routes })).toThrow(new Error(
        "'routes' must fit into one listener rule with ServiceDeployment.blueGreen, because ECS shifts one, got a route that takes 2 (5 values and 5 wildcards each); name "
        + "less, such as '/orders/*' for all below it, or use ServiceDeployment.rolling (at Stack/Orders)"));
    });

    test('sign-in', () => {
      const authentication = RouteAuthentication.jwt({ issuer: 'https://id.example.com', jwksEndpoint: 'https://id.example.com/keys' });
      expect(() => deploy(ServiceDeployment.blueGreen(), { routes: [ServiceRoute.internetFacing({ paths: ['/a'], authentication })] })).toThrow(new Error(
        "'authentication' must not be given with ServiceDeployment.blueGreen: ECS shifts rules that forward and do nothing else; let the application ask for the sign-in, "
        + 'or use ServiceDeployment.rolling (at Stack/Orders)'));
    });

    test('scaling by requests per task', () => {
      expect(() => deploy(ServiceDeployment.blueGreen(), { scaling: ServiceScaling.between(2, 4, { requestsPerTask: 100 }) })).toThrow(new Error(
        "'requestsPerTask' cannot be used with ServiceDeployment.blueGreen: it counts the requests of one target group, and each deployment moves them to the other one; "
        + 'scale on CPU, or use ServiceDeployment.rolling (at Stack/Orders)'));
    });

    test('a metric of one target group', () => {
      expect(() => deploy(ServiceDeployment.blueGreen()).service.metrics.requestCount()).toThrow(new Error(
        "'metrics.requestCount' needs one target group, and a service whose deployments shift requests has two that take turns; use the alarms that the service has, or a metric "
        + "of the application's own (at Stack/Orders)"));
    });
  });

  describe('alarms', () => {
    const names = (template: Template) => {
      const [service] = Object.values(template.findResources('AWS::ECS::Service'));
      return service.Properties.DeploymentConfiguration.Alarms;
    };

    test.each([
      ['rolling', ServiceDeployment.rolling()], ['blueGreen', ServiceDeployment.blueGreen()], ['canary', ServiceDeployment.canary()], ['linear', ServiceDeployment.linear()],
    ])('%s: unhealthy hosts, server errors and latency roll back in production', (_, deployment) => {
      const { stack, template } = deploy(deployment, {}, ClusterProfile.PRODUCTION);
      expect(names(template())).toEqual({
        AlarmNames: ['Unhealthy', 'ServerErrors', 'Latency'].map((name) => ({ Ref: expect.stringMatching(`^Orders${name}`) })), Enable: true, Rollback: true,
      });
      expect(stack.node.findAll().filter((child) => child instanceof cloudwatch.CfnAlarm && child.node.path.includes('Orders'))).toHaveLength(6);
    });

    test('name no service, so that it can wait for them', () => {
      const template = deploy(ServiceDeployment.blueGreen(), {}, ClusterProfile.PRODUCTION).template();
      const alarms = template.findResources('AWS::CloudWatch::Alarm');
      const [service] = Object.keys(template.findResources('AWS::ECS::Service'));
      names(template).AlarmNames.forEach(({ Ref }: { Ref: string }) => expect(JSON.stringify(alarms[Ref])).not.toContain(service));
    });

    test('look at each group by itself: a bad version with a tenth of the requests is seen', () => {
      const template = deploy(ServiceDeployment.canary(), {}, ClusterProfile.PRODUCTION).template();
      const metrics = (id: string) => Object.entries(template.findResources('AWS::CloudWatch::Alarm')).find(([name]) => name.startsWith(id))![1].Properties.Metrics;
      expect(metrics('OrdersServerErrors')[0].Expression).toBe('MAX([IF(FILL(requests, 0) >= 10, 100 * FILL(errors, 0) / FILL(requests, 1), 0), '
        + 'IF(FILL(requestsAlternate, 0) >= 10, 100 * FILL(errorsAlternate, 0) / FILL(requestsAlternate, 1), 0)])');
      expect(metrics('OrdersUnhealthyHosts')[0].Expression).toBe('MAX([FILL(unhealthy, 0), FILL(unhealthyAlternate, 0)])');
      expect(metrics('OrdersLatency')[0].Expression).toBe('MAX([FILL(latency, 0) * 2, FILL(latencyAlternate, 0) * 2])');
      const groups = metrics('OrdersServerErrors').slice(1).map((metric: { MetricStat: { Metric: { Dimensions: { Name: string; Value: object }[] } } }) => (
        JSON.stringify(metric.MetricStat.Metric.Dimensions.find(({ Name }) => Name === 'TargetGroup')!.Value)));
      expect(new Set(groups).size).toBe(2);
    });

    test('of your own are added, and each name stands once', () => {
      const { stack, cluster } = deploy(ServiceDeployment.rolling());
      const alarm = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'LostOrders' }).createAlarm(stack, 'LostOrders', { threshold: 1, evaluationPeriods: 1 });
      const deployment = ServiceDeployment.blueGreen({ rollbackAlarms: [alarm, alarm] });
      new EcsMicroservice(stack, 'Users', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/users'] })], deployment });
      Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: { Strategy: 'BLUE_GREEN', Alarms: { AlarmNames: [logical('^LostOrders')], Enable: true, Rollback: true } },
      });
    });

    test.each([ServiceDeployment.rolling({ rollBackOnServiceAlarms: false }), ServiceDeployment.blueGreen({ rollBackOnServiceAlarms: false })])('may be left out: %#', (deployment) => {
      const template = deploy(deployment, {}, ClusterProfile.PRODUCTION).template();
      expect(names(template)).toBeUndefined();
      template.resourceCountIs('AWS::CloudWatch::Alarm', 6);
    });

    test('fails when one of your own names the service', () => {
      const rollbackAlarms: cloudwatch.IAlarm[] = [];
      const { stack, cluster } = deploy(ServiceDeployment.rolling());
      const users = new cloudwatch.Alarm(stack, 'Later', {
        metric: new cloudwatch.Metric({ namespace: 'AWS/ECS', metricName: 'CPUUtilization', dimensionsMap: { ServiceName: late(stack) } }), threshold: 1, evaluationPeriods: 1,
      });
      rollbackAlarms.push(users);
      new EcsMicroservice(stack, 'Users', { cluster, image: IMAGE, deployment: ServiceDeployment.rolling({ rollbackAlarms }) });
      expect(() => Template.fromStack(stack)).toThrow(
        "[Stack/Users] 'rollbackAlarms' must not name the service whose deployments wait for them, and Stack/Later does, by its dimensions; choose a metric of the load balancer, "
        + 'of a queue or of the application');
    });
  });

  describe('hooks', () => {
    test('a function of yours, at its stages, with what it is told; the role may call it', () => {
      const stack = createStack();
      const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.existing(importedVpc(stack)) });
      const check = lambda.Function.fromFunctionArn(stack, 'Check', 'arn:aws:lambda:us-east-1:123456789012:function:check');
      const hook = DeploymentHook.lambdaFunction(check, { stages: [DeploymentStage.PRE_SCALE_UP, DeploymentStage.POST_SCALE_UP], details: { bucket: 'b' } });
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE], deployment: ServiceDeployment.blueGreen({ hooks: [hook] }) });
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: {
          LifecycleHooks: [{
            HookTargetArn: 'arn:aws:lambda:us-east-1:123456789012:function:check',
            LifecycleStages: ['PRE_SCALE_UP', 'POST_SCALE_UP'],
            HookDetails: { bucket: 'b' },
            RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersDeploymentRole'), 'Arn'] },
          }],
        },
      });
      template.hasResourceProperties('AWS::IAM::Role', {
        Policies: [{
          PolicyDocument: {
            Statement: Match.arrayWith([{
              Action: 'lambda:InvokeFunction',
              Effect: 'Allow',
              Resource: ['arn:aws:lambda:us-east-1:123456789012:function:check', 'arn:aws:lambda:us-east-1:123456789012:function:check:*'],
            }]),
          },
        }],
      });
    });

    test('fails when it has no stage', () => {
      const check = lambda.Function.fromFunctionArn(new Stack(), 'Check', 'arn:aws:lambda:us-east-1:123456789012:function:check');
      expect(() => DeploymentHook.lambdaFunction(check, { stages: [] })).toThrow(new Error(
        "'stages' of a hook must name one stage or more, got none; write [DeploymentStage.POST_TEST_TRAFFIC_SHIFT]"));
    });

    describe('approval', () => {
      const withApproval = (options: Partial<Parameters<typeof DeploymentHook.approval>[0]> = {}, testRoute?: TestRoute) => {
        const stack = createStack();
        const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.existing(importedVpc(stack)) });
        const notify = new sns.Topic(stack, 'Releases');
        new EcsMicroservice(stack, 'Orders', {
          cluster,
          image: IMAGE,
          routes: [ROUTE],
          deployment: ServiceDeployment.blueGreen({ testRoute, hooks: [DeploymentHook.approval({ notify, ...options })] }),
        });
        return Template.fromStack(stack);
      };

      test.each([[undefined, 'POST_SCALE_UP'], [HEADER, 'POST_TEST_TRAFFIC_SHIFT']])('pauses, and rolls back after an hour without an answer: %#', (testRoute, stage) => {
        withApproval({}, testRoute).hasResourceProperties('AWS::ECS::Service', {
          DeploymentConfiguration: {
            LifecycleHooks: [{
              TargetType: 'PAUSE',
              LifecycleStages: [stage],
              TimeoutConfiguration: { TimeoutInMinutes: 60, Action: 'ROLLBACK' },
              HookTargetArn: Match.absent(),
              RoleArn: Match.absent(),
            }],
          },
        });
      });

      test('asks by a rule that is there before the service, with the commands as they are typed', () => {
        const timeoutAction = ApprovalTimeoutAction.CONTINUE;
        const template = withApproval({ timeout: Duration.hours(4), timeoutAction, stage: DeploymentStage.PRE_SCALE_UP });
        const [[id, rule]] = Object.entries(template.findResources('AWS::Events::Rule'));
        expect(rule.Properties.EventPattern).toEqual({
          'source': ['aws.ecs'],
          'detail-type': ['ECS Hook State Change'],
          'detail': {
            eventName: ['HOOK_AWAITING_ACTION'],
            hookType: ['PAUSE'],
            lifecycleStage: ['PRE_SCALE_UP'],
            serviceArn: [{ prefix: expect.anything() }],
          },
        });
        const [service] = Object.entries(template.findResources('AWS::ECS::Service'));
        const prefix = rule.Properties.EventPattern.detail.serviceArn[0].prefix['Fn::Join'][1];
        expect(prefix.slice(-3)).toEqual(['/', { Ref: 'AWS::StackName' }, `-${service[0]}-`]);
        expect(service[1].DependsOn).toContain(id);
        const { InputTemplate: text, InputPathsMap: paths } = rule.Properties.Targets[0].InputTransformer;
        const filled = Object.keys(paths).reduce((filledIn, name) => filledIn.replaceAll(`:<${name}>`, `:"${paths[name]}"`).replaceAll(`<${name}>`, paths[name]), text);
        expect(JSON.parse(filled)).toMatchObject({
          continue: 'aws ecs continue-service-deployment --region $.region --service-deployment-arn $.detail.serviceDeploymentArn --hook-id $.detail.hookId --action CONTINUE',
          rollBack: 'aws ecs continue-service-deployment --region $.region --service-deployment-arn $.detail.serviceDeploymentArn --hook-id $.detail.hookId --action ROLLBACK',
        });
        expect(rule.Properties.Targets[0].RoleArn).toBeDefined();
      });

      test.each([
        [{ timeout: Duration.seconds(30) }, "'timeout' must be a whole number of minutes between 1 and 1980, got 0.5; the stack waits for the approval, and CloudFormation for no longer than that"],
        [{ stage: DeploymentStage.TEST_TRAFFIC_SHIFT }, "'stage' of an approval must be one of RECONCILE_SERVICE, PRE_SCALE_UP, POST_SCALE_UP, POST_TEST_TRAFFIC_SHIFT, "
          + 'PRE_PRODUCTION_TRAFFIC_SHIFT, POST_PRODUCTION_TRAFFIC_SHIFT, got "TEST_TRAFFIC_SHIFT"; ECS pauses before or after requests move, not meanwhile'],
      ])('fails when it cannot be: %#', (options, message) => {
        expect(() => withApproval(options)).toThrow(new Error(message));
      });

      test('fails when two ask at one stage', () => {
        const notify = new sns.Topic(createStack(), 'Releases');
        const approval = DeploymentHook.approval({ notify });
        expect(() => deploy(ServiceDeployment.blueGreen({ hooks: [approval, approval] }))).toThrow(
          "'hooks' must not have two approvals at one stage, got two at POST_SCALE_UP; let one topic tell both, or give one another 'stage' (at Stack/Orders)");
      });
    });

    describe('smoke test', () => {
      const smoke = (
        options: Partial<Parameters<typeof DeploymentHook.smokeTest>[0]> = {},
        props: Partial<EcsMicroserviceProps> = {},
        testRoute: TestRoute | undefined = HEADER,
      ) =>
        deploy(ServiceDeployment.blueGreen({ testRoute, hooks: [DeploymentHook.smokeTest({ path: '/orders/health', ...options })] }), props);
      const settingsOf = (template: Template) => Object.values(template.findResources('AWS::Lambda::Function'))[0].Properties.Environment.Variables.SMOKE_TEST;

      test('asks the public load balancer from outside of the network, with the header of the test route', () => {
        const template = smoke({ status: 204, headers: { accept: 'text/plain' }, timeout: Duration.seconds(90) }).template();
        const joined = settingsOf(template)['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'example').join('');
        expect(JSON.parse(joined)).toEqual({
          url: 'http://example/orders/health', headers: { 'accept': 'text/plain', 'x-release': 'next' }, status: 204, seconds: 90,
        });
        template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.absent(), Timeout: 120 });
        template.hasResourceProperties('AWS::ECS::Service', {
          DeploymentConfiguration: { LifecycleHooks: [{ LifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'], HookTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersSmokeTest'), 'Arn'] } }] },
        });
      });

      test('names the host of the route, and the headers that the route asks for', () => {
        const routes = [ServiceRoute.internetFacing({ hosts: ['*.example.com', 'shop.example.com'], headers: { 'x-tenant': ['a'] } })];
        expect(JSON.stringify(settingsOf(smoke({}, { routes }).template()))).toContain('\\"host\\":\\"shop.example.com\\",\\"headers\\":{\\"x-tenant\\":\\"a\\",');
      });

      test.each([[undefined, 80], [TestRoute.port(8443), 8443]])('asks the internal one in the network, through a door of its own: %#', (testRoute, port) => {
        const template = smoke({}, { routes: [INSIDE] }, testRoute).template();
        template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: { SubnetIds: ['subnet-c', 'subnet-d'] } });
        const [[door]] = Object.entries(template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { FromPort: port, ToPort: port, Description: 'Smoke test' } }));
        expect(Object.values(template.findResources('AWS::ECS::Service'))[0].DependsOn).toContain(door);
      });

      test.each([
        [{ path: 'health' }, {}, "'path' must be a path that starts with '/', without spaces and '#', got \"health\"; write '/health'"],
        [{ status: 100 }, {}, "'status' must be between 200 and 599, got 100; give the status that a good version answers with"],
        [{ timeout: Duration.minutes(11) }, {}, "'timeout' must be between 1 and 600 seconds, got 660 seconds; a function runs for 15 minutes at most"],
        [{ path: '/users?a=1' }, {}, "'path' of a smoke test must be one that the service's route takes (/orders/*), got \"/users?a=1\"; change one of them (at Stack/Orders)"],
        [{}, { routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'], methods: ['POST'] })] },
          "'hooks' has a smoke test, which asks by GET, and the service's route takes POST only; add GET, or use DeploymentHook.lambdaFunction (at Stack/Orders)"],
        [{}, { routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'], sourceIps: ['192.0.2.0/24'] })] },
          "'hooks' has a smoke test, which asks from an address of AWS, and the service's route takes 'sourceIps' only; use DeploymentHook.lambdaFunction (at Stack/Orders)"],
      ])('fails when it could never pass: %#', (options, props, message) => {
        expect(() => smoke(options, props)).toThrow(new Error(message));
      });

      test('fails without a test route', () => {
        expect(() => deploy(ServiceDeployment.blueGreen({ hooks: [DeploymentHook.smokeTest({ path: '/orders/a' })] }))).toThrow(new Error(
          "'hooks' has a smoke test, which reaches the new version by a test route, got none; add 'testRoute: TestRoute.header(...)' (at Stack/Orders)"));
      });

      test('fails by port on a public load balancer', () => {
        expect(() => smoke({}, {}, TestRoute.port(8443))).toThrow(new Error(
          "'testRoute' by port is closed to the internet, from where a smoke test asks a public load balancer; use TestRoute.header (at Stack/Orders)"));
      });

      test('fails when two ask for one path', () => {
        const hook = DeploymentHook.smokeTest({ path: '/orders/a' });
        expect(() => deploy(ServiceDeployment.blueGreen({ testRoute: HEADER, hooks: [hook, hook] }))).toThrow(new Error(
          '\'hooks\' must not have two smoke tests of one path, got "/orders/a" twice; leave one out (at Stack/Orders)'));
      });
    });
  });

  test('the default deployment names no strategy, and without alarms nothing of them', () => {
    const { template } = createService({}, ClusterProfile.DEVELOPMENT);
    template().hasResourceProperties('AWS::ECS::Service', { DeploymentConfiguration: { Strategy: Match.absent(), Alarms: Match.absent() } });
  });
});

/** The name of a service that is made later. */
function late(stack: Stack): string {
  return Lazy.string({ produce: () => stack.resolve((stack.node.findChild('Users') as EcsMicroservice).service.serviceName) });
}
