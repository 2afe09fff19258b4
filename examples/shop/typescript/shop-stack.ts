import { join } from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CfnOutput, Duration, RemovalPolicy, Size, Stack, StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  ClusterNetwork, ClusterProfile, EcsBatchPipeline, EcsMicroservice, FanOut, FargateCluster, JobCompute, ServiceRoute,
} from 'cdk-ecs-workloads';

const SHOP = join(__dirname, '..');

/** Into how many pieces the pipeline cuts its input: Clean works on all of them at once. */
const SHARDS = 4;

export interface ShopStackProps extends StackProps {
  readonly profile: ClusterProfile;
}

/** A public storefront, the orders service behind it, and a pipeline that learns what diamonds cost. */
export class ShopStack extends Stack {
  private readonly platform: FargateCluster;
  /** Whether the data outlives the stack. */
  private readonly keepsData: boolean;

  constructor(scope: Construct, id: string, props: ShopStackProps) {
    super(scope, id, props);
    this.keepsData = props.profile === ClusterProfile.PRODUCTION;
    this.platform = new FargateCluster(this, 'Platform', {
      profile: props.profile,
      network: ClusterNetwork.natGateways(1),
    });
    this.addServices();
    this.addPipeline();
  }

  private addServices(): void {
    const password = new secretsmanager.Secret(this, 'DatabasePassword', {
      description: 'The password with which orders would reach its database',
      generateSecretString: { passwordLength: 32, excludePunctuation: true },
      removalPolicy: this.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const orders = new EcsMicroservice(this, 'Orders', {
      cluster: this.platform,
      image: ecs.ContainerImage.fromAsset(join(SHOP, 'services', 'orders')),
      secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(password) },
      container: { healthCheck: { command: ['CMD', 'node', 'health.js'], interval: Duration.seconds(10) } },
    });
    const storefront = new EcsMicroservice(this, 'Storefront', {
      cluster: this.platform,
      image: ecs.ContainerImage.fromAsset(join(SHOP, 'services', 'storefront')),
      routes: [ServiceRoute.internetFacing({ paths: ['/*'] })],
      healthCheck: { path: '/healthz' },
    });
    storefront.connectTo(orders);

    const ingress = this.platform.publicIngress();
    new CfnOutput(this, 'StorefrontUrl', { value: ingress.url });
    new CfnOutput(this, 'ListenerArn', { value: ingress.listenerArn });
    new CfnOutput(this, 'ClusterName', { value: this.platform.cluster.clusterName });
    new CfnOutput(this, 'StorefrontServiceName', { value: storefront.service.serviceName });
    new CfnOutput(this, 'StorefrontLogGroup', { value: storefront.logGroup.logGroupName });
    new CfnOutput(this, 'OrdersServiceName', { value: orders.service.serviceName });
    new CfnOutput(this, 'OrdersLogGroup', { value: orders.logGroup.logGroupName });
  }

  private addPipeline(): void {
    const diamonds = new assets.Asset(this, 'Diamonds', { path: join(SHOP, 'data', 'diamonds.csv') });
    const image = ecs.ContainerImage.fromAsset(join(SHOP, 'pipeline'));
    const environment = { SHARDS: String(SHARDS) };

    const pricing = new EcsBatchPipeline(this, 'Pricing', { cluster: this.platform });
    const extract = pricing.addJob('Extract', {
      image,
      command: ['python', 'extract.py'],
      environment: { ...environment, SOURCE_BUCKET: diamonds.s3BucketName, SOURCE_KEY: diamonds.s3ObjectKey },
      outputs: ['raw'],
    });
    const clean = pricing.addJob('Clean', {
      image,
      command: ['python', 'clean.py'],
      fanOut: FanOut.array(SHARDS),
      inputs: { raw: extract.output('raw') },
      outputs: ['clean'],
    });
    pricing.addJob('Train', {
      image,
      command: ['python', 'train.py'],
      environment,
      compute: JobCompute.size({ vcpus: 1, memory: Size.gibibytes(2) }),
      inputs: { clean: clean.output('clean') },
      outputs: ['model'],
    });
    diamonds.grantRead(extract);

    new CfnOutput(this, 'StateMachineArn', { value: pricing.stateMachine.stateMachineArn });
    new CfnOutput(this, 'ResultsBucket', { value: pricing.artifactBucket.bucketName });
    new CfnOutput(this, 'ResultsPrefix', { value: pricing.artifactPrefix });
    new CfnOutput(this, 'PricingLogGroup', { value: pricing.logGroup.logGroupName });
  }
}
