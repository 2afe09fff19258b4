import { execFileSync } from 'child_process';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ClusterNetwork, EcsMicroservice, EcsMicroserviceProps } from '../../src';
import { createCluster, createStack } from '../util/fixtures';

/** The networks whose cost docs/network.md shows, as the script has them: it is a module, which this test is not. */
const SCRIPT = path.join(__dirname, '../../scripts/lib/network-costs.mjs');
const PRINT = `import { NETWORKS } from ${JSON.stringify(SCRIPT)}; console.log(JSON.stringify(NETWORKS));`;
const NETWORKS: { choice: string; natGateways: number; interfaceEndpoints: number; publicAddresses: number; keys?: number }[] = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '-e', PRINT], { encoding: 'utf8' }),
);

const image = ecs.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1');
const MADE: Record<string, [ClusterNetwork, Partial<EcsMicroserviceProps>?, 'exec'?]> = {
  '`natGateways()`': [ClusterNetwork.natGateways()],
  '`natGateways(1)`': [ClusterNetwork.natGateways(1)],
  '`vpcEndpoints()`': [ClusterNetwork.vpcEndpoints(), {}],
  '`vpcEndpoints()`, a service with a secret': [ClusterNetwork.vpcEndpoints(), { secrets: {} }],
  '`vpcEndpoints()`, a service with `enableExec`': [ClusterNetwork.vpcEndpoints(), {}, 'exec'],
};

describe('costs of networks in docs/network.md', () => {
  test.each(NETWORKS.filter(({ choice }) => !choice.startsWith('`publicSubnets()`')))('count what the library makes: $choice', (network) => {
    const stack = createStack();
    const [choice, service, exec] = MADE[network.choice];
    const cluster = createCluster(stack, { network: choice });
    const secrets = service?.secrets && { P: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'db')) };
    const made = service && new EcsMicroservice(stack, 'Orders', { cluster, image, ...service, secrets });
    if (exec !== undefined) made!.enableExec();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::NatGateway', network.natGateways);
    template.resourceCountIs('AWS::EC2::EIP', network.publicAddresses);
    template.resourceCountIs('AWS::KMS::Key', network.keys ?? 0);
    const interfaces = template.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } });
    expect(Object.values(interfaces).map((endpoint) => endpoint.Properties.SubnetIds.length)).toEqual(Array(network.interfaceEndpoints).fill(2));
  });

  test('have public subnets without anything that costs by the hour but the addresses of tasks', () => {
    const stack = createStack();
    createCluster(stack, { network: ClusterNetwork.publicSubnets() });
    const template = Template.fromStack(stack);
    ['AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::KMS::Key'].forEach((type) => template.resourceCountIs(type, 0));
    const shown = NETWORKS.filter(({ choice }) => choice.startsWith('`publicSubnets()`'));
    expect(shown.map(({ choice, publicAddresses }) => choice.includes(` ${publicAddresses} tasks`))).toEqual([true, true]);
  });
});
