import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { App, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { ClusterNetwork, EcsBatchPipeline, EcsMicroservice, FargateCluster, NetworkEndpoint, NetworkFlowLog, ServiceRoute } from '../../src';
import { createCluster, createStack, ENV, IMAGE, warningsOf } from '../util/fixtures';

const ECR_IMAGE = ecs.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1');
const ALWAYS = ['ecr.api', 'ecr.dkr', 'logs', 's3'];

/** A cluster in a VPC without NAT, with what is declared in its stack. */
function withEndpoints(declare: (stack: Stack, cluster: FargateCluster) => void = () => undefined, endpoints?: NetworkEndpoint[]): Template {
  const stack = createStack();
  declare(stack, createCluster(stack, { network: ClusterNetwork.vpcEndpoints({ endpoints }) }));
  return Template.fromStack(stack);
}

function service(stack: Stack, cluster: FargateCluster, id = 'Orders', secrets?: { [name: string]: ecs.Secret }): EcsMicroservice {
  return new EcsMicroservice(stack, id, { cluster, image: ECR_IMAGE, secrets });
}

/** The last parts of the names of all endpoints, sorted. */
function endpointsOf(template: Template): string[] {
  return Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties: { ServiceName: name } }) => {
    const text: string = typeof name === 'string' ? name : name['Fn::Join'][1].filter((part: unknown) => typeof part === 'string').join('');
    return text.replace(/^com\.amazonaws\.(us-east-1)?\.?/, '');
  }).sort();
}

describe('ClusterNetwork.vpcEndpoints', () => {
  test('has what every task needs and nothing else, and no NAT gateway', () => {
    const template = withEndpoints(service);
    expect(endpointsOf(template)).toEqual(ALWAYS);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::EIP', 0);
    template.resourceCountIs('AWS::EC2::FlowLog', 1);
  });

  test('answers by private names in the task subnets, to HTTPS from the VPC, by one security group', () => {
    const template = withEndpoints();
    const group = { 'Fn::GetAtt': [Match.stringLikeRegexp('PlatformEndpointsSecurityGroup'), 'GroupId'] };
    template.allResourcesProperties('AWS::EC2::VPCEndpoint', Match.objectLike({ PolicyDocument: Match.absent() }));
    const interfaces = template.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } });
    expect(Object.keys(interfaces)).toHaveLength(3);
    for (const endpoint of Object.values(interfaces)) {
      expect(endpoint.Properties).toMatchObject({ PrivateDnsEnabled: true, SubnetIds: [{ Ref: expect.stringMatching('PrivateSubnet1') }, { Ref: expect.stringMatching('PrivateSubnet2') }] });
    }
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', SecurityGroupIds: [group] });
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [{ CidrIp: { 'Fn::GetAtt': [Match.anyValue(), 'CidrBlock'] }, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }],
    });
  });

  test.each<[string, (stack: Stack, cluster: FargateCluster) => void, string[]]>([
    ['a secret of this app', (stack, cluster) =>
      service(stack, cluster, 'Orders', { P: ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, 'Secret'), 'password') }), ['secretsmanager']],
    ['an imported secret', (stack, cluster) =>
      service(stack, cluster, 'Orders', { P: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'db')) }), ['secretsmanager']],
    ['a parameter of this app', (stack, cluster) =>
      service(stack, cluster, 'Orders', { P: ecs.Secret.fromSsmParameter(new ssm.StringParameter(stack, 'Parameter', { stringValue: 'x' })) }), ['ssm']],
    ['an imported parameter', (stack, cluster) =>
      service(stack, cluster, 'Orders', { P: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromStringParameterName(stack, 'Parameter', '/a/b')) }), ['ssm']],
    ['a secret known only at deployment: both', (stack, cluster) => {
      const secret = secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', new CfnParameter(stack, 'Arn').valueAsString);
      service(stack, cluster, 'Orders', { P: ecs.Secret.fromSecretsManager(secret) });
    }, ['secretsmanager', 'ssm']],
    ['a queue that the service may send to, though its key is another service\'s affair', (stack, cluster) =>
      new sqs.Queue(stack, 'Queue', { encryption: sqs.QueueEncryption.KMS }).grantSendMessages(service(stack, cluster)), ['sqs']],
    ['a topic that a job may publish to', (stack, cluster) =>
      new sns.Topic(stack, 'Topic').grantPublish(new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Load', { image: ECR_IMAGE })), ['sns']],
    ['a secret of a job', (stack, cluster) => new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Load', {
      image: ECR_IMAGE, secrets: { P: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'db')) },
    }), ['secretsmanager']],
    ['ECS Exec', (stack, cluster) => new EcsMicroservice(stack, 'Orders', { cluster, image: ECR_IMAGE }).enableExec(), ['kms', 'ssmmessages']],
    ['Service Connect: none', (stack, cluster) => service(stack, cluster, 'Web').connectTo(service(stack, cluster, 'Orders')), []],
  ])('makes one for %s', (_name, declare, expected) => {
    expect(endpointsOf(withEndpoints(declare))).toEqual([...ALWAYS, ...expected].sort());
  });

  test('warns of a grant to a service whose endpoint it does not know, unless one is declared or the network is open', () => {
    const warned = (network: ClusterNetwork) => {
      const stack = createStack();
      const image = ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Repository', 'web'), '1');
      const orders = new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack, { network }), image });
      orders.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: ['*'] }));
      return warningsOf(stack);
    };
    expect(warned(ClusterNetwork.vpcEndpoints())).toEqual([
      '/Stack/Orders: is granted actions of "bedrock", to which the cluster\'s network has no endpoint that the library knows of: calls would wait for an '
      + "answer in vain; add NetworkEndpoint.of('...') of that service to 'endpoints' of the network [ack: cdk-ecs-workloads:callWithoutEndpoint]",
    ]);
    expect(warned(ClusterNetwork.vpcEndpoints({ endpoints: [NetworkEndpoint.of('bedrock-runtime')] }))).toEqual([]);
    expect(warned(ClusterNetwork.natGateways(1))).toEqual([]);
  });

  test('makes each once for two services, in any order, and those that are declared', () => {
    const queue = (stack: Stack) => new sqs.Queue(stack, 'Queue');
    const secret = (stack: Stack) => ({ P: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'db')) });
    const one = withEndpoints((stack, cluster) => {
      queue(stack).grantSendMessages(service(stack, cluster, 'A'));
      service(stack, cluster, 'B', secret(stack));
    }, [NetworkEndpoint.SQS]);
    const other = withEndpoints((stack, cluster) => {
      service(stack, cluster, 'B', secret(stack));
      queue(stack).grantSendMessages(service(stack, cluster, 'A'));
    }, [NetworkEndpoint.SQS]);
    expect(endpointsOf(one)).toEqual([...ALWAYS, 'secretsmanager', 'sqs'].sort());
    expect(Object.keys(one.findResources('AWS::EC2::VPCEndpoint')).sort()).toEqual(Object.keys(other.findResources('AWS::EC2::VPCEndpoint')).sort());
  });

  test('makes declared ones without any workload, also of services that it has no word for, and a gateway for DynamoDB', () => {
    const template = withEndpoints(undefined, [NetworkEndpoint.of('bedrock-runtime'), NetworkEndpoint.DYNAMODB, NetworkEndpoint.of('sqs'), NetworkEndpoint.SQS]);
    expect(endpointsOf(template)).toEqual([...ALWAYS, 'bedrock-runtime', 'dynamodb', 'sqs'].sort());
    expect(Object.keys(template.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Gateway' } }))).toHaveLength(2);
  });

  test('starts services after the endpoints that they need, and only these', () => {
    const template = withEndpoints((stack, cluster) => {
      service(stack, cluster, 'Plain');
      new sqs.Queue(stack, 'Queue').grantSendMessages(service(stack, cluster, 'Sender'));
    });
    const endpointsOfService = (id: string) => {
      const [found] = Object.entries(template.findResources('AWS::ECS::Service')).filter(([logicalId]) => logicalId.startsWith(id));
      return (found[1].DependsOn as string[]).filter((name) => name.startsWith('PlatformEndpoints')).map((name) => name.replace(/^PlatformEndpoints|[0-9A-F]{8}$/g, ''));
    };
    expect(endpointsOfService('Plain')).toEqual(['EcrApi', 'EcrDkr', 'Logs', 'S3']);
    expect(endpointsOfService('Sender')).toEqual(['EcrApi', 'EcrDkr', 'Logs', 'S3', 'Sqs']);
  });

  test('makes the endpoint of a workload of another stack in its own, without a cycle', () => {
    const app = new App({ analyticsReporting: false });
    const platform = new Stack(app, 'Platform', { env: ENV });
    const product = new Stack(app, 'Product', { env: ENV });
    const cluster = createCluster(platform, { network: ClusterNetwork.vpcEndpoints() });
    new sqs.Queue(product, 'Queue').grantSendMessages(service(product, cluster));
    expect(endpointsOf(Template.fromStack(platform))).toEqual([...ALWAYS, 'sqs'].sort());
    expect(endpointsOf(Template.fromStack(product))).toEqual([]);
    expect(product.dependencies).toEqual([platform]);
  });

  test('has public subnets for a load balancer', () => {
    const template = withEndpoints((stack, cluster) =>
      new EcsMicroservice(stack, 'Web', { cluster, image: ECR_IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/a'] })] }));
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing', Subnets: Match.arrayWith([{ Ref: Match.stringLikeRegexp('PublicSubnet1') }]) });
    template.hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: Match.arrayWith([{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }]), AssignPublicIp: 'DISABLED' } },
    });
  });

  test('fails when an image comes from the internet', () => {
    expect(() => withEndpoints((stack, cluster) => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE }))).toThrow(
      "'image' must be in a private registry of Amazon ECR, because the cluster's network has no way to the internet, got \"public.ecr.aws/nginx/nginx:1.29\" of "
      + 'public.ecr.aws; pull it through a cache of Amazon ECR or copy it there, build it as an asset, or choose ClusterNetwork.natGateways() (at Stack/Orders)');
  });

  test('fails when the image of a container that is added by hand comes from the internet', () => {
    expect(() => withEndpoints((stack, cluster) =>
      service(stack, cluster).taskDefinition.addContainer('Proxy', { image: ecs.ContainerImage.fromRegistry('envoyproxy/envoy:v1'), memoryLimitMiB: 64 }))).toThrow(
      'got "envoyproxy/envoy:v1" of docker.io;');
  });

  test('fails when the image of a job comes from the internet', () => {
    expect(() => withEndpoints((stack, cluster) => new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Load', { image: ecs.ContainerImage.fromRegistry('python:3') }))).toThrow(
      'got "python:3" of docker.io;');
  });

  test('fails when an image is in Amazon ECR of another Region', () => {
    const image = ecs.ContainerImage.fromRegistry('123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1');
    expect(() => withEndpoints((stack, cluster) => new EcsMicroservice(stack, 'Orders', { cluster, image }))).toThrow(
      "'image' must be in the Region of the stack, us-east-1, because the cluster's network reaches Amazon ECR through endpoints of that Region only, got "
      + '"123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1" of eu-west-1; replicate the repository to us-east-1 (at Stack/Orders)');
  });

  test('takes images of a repository, of a parameter, and any tag that is a token', () => {
    const template = withEndpoints((stack, cluster) => {
      const repository = new ecr.Repository(stack, 'Repository');
      const text = new CfnParameter(stack, 'Text').valueAsString;
      new EcsMicroservice(stack, 'A', { cluster, image: ecs.ContainerImage.fromEcrRepository(repository, '1') });
      new EcsMicroservice(stack, 'B', { cluster, image: ecs.ContainerImage.fromRegistry(text) });
      new EcsMicroservice(stack, 'C', { cluster, image: ecs.ContainerImage.fromRegistry(`123456789012.dkr.ecr.us-east-1.amazonaws.com/web:${text}`) });
    });
    template.resourceCountIs('AWS::ECS::Service', 3);
  });

  test('sees through a tag that is a token to a registry on the internet', () => {
    expect(() => withEndpoints((stack, cluster) => new EcsMicroservice(stack, 'A', {
      cluster, image: ecs.ContainerImage.fromRegistry(`ghcr.io/acme/web:${new CfnParameter(stack, 'Tag').valueAsString}`),
    }))).toThrow('of ghcr.io;');
  });

  test('works in a stack without account and Region', () => {
    const stack = createStack({});
    service(stack, createCluster(stack, { network: ClusterNetwork.vpcEndpoints() }));
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, '.ecr.api']] } });
  });

  test.each(['', 'com.amazonaws.us-east-1.sqs', 'SQS', 'a b'])('fails when the service of an endpoint is "%s"', (name) => {
    expect(() => NetworkEndpoint.of(name)).toThrow(
      `'service' must be the last part of an endpoint service name, in lower-case letters, digits, '-' and '.', got "${name}"; such as 'bedrock-runtime'`);
  });

  test('one value serves two clusters', () => {
    const stack = createStack();
    const network = ClusterNetwork.vpcEndpoints();
    new FargateCluster(stack, 'A', { network });
    new FargateCluster(stack, 'B', { network });
    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPCEndpoint', 8);
  });
});

describe('ClusterNetwork.publicSubnets', () => {
  test('has public subnets only, tasks with public addresses, an S3 endpoint and no NAT gateway', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.publicSubnets() });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Load', { image: IMAGE });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::Subnet', 2);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    template.hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: Match.stringLikeRegexp('PublicSubnet1') }, { Ref: Match.stringLikeRegexp('PublicSubnet2') }], AssignPublicIp: 'ENABLED' } },
    });
    template.hasResourceProperties('AWS::Batch::JobDefinition', { ContainerProperties: { NetworkConfiguration: { AssignPublicIp: 'ENABLED' } } });
  });

  test('starts tasks after the route to the internet', () => {
    const stack = createStack();
    new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack, { network: ClusterNetwork.publicSubnets() }), image: IMAGE });
    Template.fromStack(stack).hasResource('AWS::ECS::Service', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('PublicSubnet1DefaultRoute')]) });
  });
});

describe('flow log of a new VPC', () => {
  const networks: [string, (flowLog?: NetworkFlowLog) => ClusterNetwork][] = [
    ['natGateways', (flowLog) => ClusterNetwork.natGateways(1, { flowLog })],
    ['vpcEndpoints', (flowLog) => ClusterNetwork.vpcEndpoints({ flowLog })],
    ['publicSubnets', (flowLog) => ClusterNetwork.publicSubnets({ flowLog })],
  ];

  test.each(networks)('keeps what is asked for: %s', (_name, network) => {
    const trafficOf = (flowLog?: NetworkFlowLog) => {
      const stack = createStack();
      createCluster(stack, { network: network(flowLog) });
      return Object.values(Template.fromStack(stack).findResources('AWS::EC2::FlowLog')).map((found) => found.Properties.TrafficType);
    };
    expect([trafficOf(), trafficOf(NetworkFlowLog.REJECTED), trafficOf(NetworkFlowLog.ALL), trafficOf(NetworkFlowLog.NONE)]).toEqual([['REJECT'], ['REJECT'], ['ALL'], []]);
  });

  test('is written by a role of its own, on behalf of this account only', () => {
    const stack = createStack();
    createCluster(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }],
      },
    });
  });
});
