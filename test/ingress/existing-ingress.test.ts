import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import { ClusterIngress, EcsMicroservice, ExistingIngressOptions, FargateCluster, ServiceRoute } from '../../src';
import { createCluster, createStack, ENV, IMAGE } from '../util/fixtures';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/company/0123456789abcdef/fedcba9876543210';

function existing(stack: Stack, options: Partial<ExistingIngressOptions> = {}): ExistingIngressOptions {
  const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(stack, 'AlbSecurityGroup', 'sg-alb');
  return { listenerArn: ARN, securityGroup, url: 'https://api.example.com', ...options };
}

function createOrders(options: Partial<ExistingIngressOptions> = {}, maxRequestTime?: Duration) {
  const stack = createStack();
  const cluster = createCluster(stack, { ingress: ClusterIngress.existing(existing(stack, options)) });
  new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, maxRequestTime, routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })] });
  return { stack, cluster, template: Template.fromStack(stack) };
}

describe('ClusterIngress.existing', () => {
  test('creates target group and rule on the listener, and nothing else of a load balancer', () => {
    const { template, cluster } = createOrders();
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 0);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: ARN });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ SourceSecurityGroupId: 'sg-alb', FromPort: 8080 })] });
    expect(cluster.publicIngress()).toMatchObject({ url: 'https://api.example.com', isHttps: true, loadBalancerFullName: 'app/company/0123456789abcdef' });
  });

  test('takes an ARN that is known at deployment only', () => {
    const stack = createStack();
    const listenerArn = new CfnParameter(stack, 'ListenerArn').valueAsString;
    const cluster = createCluster(stack, { ingress: ClusterIngress.existing(existing(stack, { listenerArn, url: 'http://api.example.com' })) });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing()] });
    expect(cluster.publicIngress().isHttps).toBe(false);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', Match.objectLike({ Metrics: Match.anyValue() }));
  });

  test('of a url that is known at deployment only, AWS judges what needs HTTPS', () => {
    const stack = createStack();
    const url = new CfnParameter(stack, 'Url').valueAsString;
    expect(createCluster(stack, { ingress: ClusterIngress.existing(existing(stack, { url })) }).publicIngress().isHttps).toBe(true);
  });

  test('takes parameters of one name in two stacks for two listeners', () => {
    const app = new App({ analyticsReporting: false });
    const declare = (id: string) => {
      const stack = new Stack(app, id, { env: ENV });
      const listenerArn = new CfnParameter(stack, 'ListenerArn').valueAsString;
      const cluster = createCluster(stack, { ingress: ClusterIngress.existing(existing(stack, { listenerArn })) });
      return new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })] });
    };
    declare('One');
    expect(() => declare('Two')).not.toThrow();
  });

  test('gives out the numbers of its range', () => {
    const { template } = createOrders({ priorities: { first: 10001, last: 12000 } });
    const [{ Properties: { Priority } }] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
    expect(Priority).toBeGreaterThan(10000);
    expect(Priority).toBeLessThanOrEqual(12000);
  });

  test('is one listener for all clusters of an app: they see each other\'s routes', () => {
    const { stack } = createOrders();
    const other = new FargateCluster(stack, 'Other', {
      ingress: ClusterIngress.existing({ listenerArn: ARN, securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Again', 'sg-alb'), url: 'https://b.example.com' }),
    });
    expect(() => new EcsMicroservice(stack, 'Copy', { cluster: other, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })] }))
      .toThrow("'routes' of Stack/Orders and Stack/Copy ask for the same requests (path /orders/*); give them different paths or hosts (at Stack/Copy)");
  });

  test("fails when an app names a listener with two ranges of 'priorities'", () => {
    const { stack } = createOrders();
    const other = new FargateCluster(stack, 'Other', {
      internalIngress: ClusterIngress.existing({
        listenerArn: ARN, securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Again', 'sg-alb'), url: 'http://b', priorities: { first: 1, last: 5000 },
      }),
    });
    expect(() => other.internalIngress()).toThrow("'priorities' must be the same wherever an app names a listener, got 1 to 5000 and 5001 to 50000; "
      + 'write one range in both places (at Stack/Other/InternalIngress)');
  });

  test("fails when 'maxRequestTime' is longer than the load balancer waits", () => {
    expect(() => createOrders({}, Duration.seconds(90))).toThrow("'maxRequestTime' must be within the load balancer's idle time-out of 60 seconds, got "
      + "90 seconds; shorten it, or lengthen the load balancer's and say so in 'idleTimeout' of ClusterIngress.existing (at Stack/Platform/PublicIngress)");
    createOrders({ idleTimeout: Duration.seconds(90) }, Duration.seconds(90));
  });

  test('fails when an option is wrong', () => {
    const stack = createStack();
    const create = (options: Partial<ExistingIngressOptions>) => () => ClusterIngress.existing({ ...existing(new Stack(), options) });
    expect(create({ listenerArn: ARN.replace('/app/', '/net/') })).toThrow("'listenerArn' must be the ARN of a listener of an Application Load Balancer, got "
      + '"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/company/0123456789abcdef/fedcba9876543210"; '
      + "write 'arn:aws:elasticloadbalancing:<region>:<account>:listener/app/<name>/<id>/<id>'");
    expect(create({ url: 'api.example.com' })).toThrow("'url' must be a scheme and a domain name, got \"api.example.com\"; write 'https://api.example.com'");
    expect(create({ idleTimeout: Duration.seconds(4001) })).toThrow(
      "'idleTimeout' must be between 1 and 4000 seconds, got 4001 seconds; take the value of the load balancer's attribute");
    expect(create({ priorities: { first: 1, last: 999 } })).toThrow("'priorities' must hold 1000 numbers at least, got 1 to 999; widen it");
    expect(create({ priorities: { first: 0, last: 5000 } })).toThrow("'priorities.first' must be between 1 and 50000, got 0; a listener takes no others");
    expect(create({ priorities: { first: new CfnParameter(stack, 'First', { type: 'Number' }).valueAsNumber, last: 5000 } })).toThrow(
      "'priorities.first' must be known at synthesis: priorities are worked out from it; pass a plain number");
  });

  test("fails when an ingress stands in the other's place", () => {
    const cluster = createCluster(createStack(), { ingress: ClusterIngress.internalAlb(), internalIngress: ClusterIngress.publicAlb() });
    expect(() => cluster.publicIngress()).toThrow("'ingress' must be ClusterIngress.publicAlb or ClusterIngress.existing, got ClusterIngress.internalAlb; "
      + "pass it as 'internalIngress' (at Stack/Platform)");
    expect(() => cluster.internalIngress()).toThrow("'internalIngress' must be ClusterIngress.internalAlb or ClusterIngress.existing, got "
      + "ClusterIngress.publicAlb; pass it as 'ingress' (at Stack/Platform)");
  });
});
