import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { SecretValue, Stack, StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  ClusterIngress, ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster, IngressWaf, RouteAuthentication, ServiceRoute,
} from 'cdk-ecs-workloads';

/** A certificate for `*.example.com`. */
const CERTIFICATE = '12345678-1234-1234-1234-123456789012';

/** Services behind one load balancer, each with routes of another kind. */
export class RoutesStack extends Stack {
  private readonly platform: FargateCluster;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const certificate = acm.Certificate.fromCertificateArn(this, 'Certificate', this.formatArn({
      service: 'acm', resource: 'certificate', resourceName: CERTIFICATE,
    }));
    this.platform = new FargateCluster(this, 'Platform', {
      profile: ClusterProfile.DEVELOPMENT,
      network: ClusterNetwork.natGateways(1),
      ingress: ClusterIngress.publicAlb({ certificates: [certificate], waf: IngressWaf.managedRules({ countOnly: true }) }),
    });

    this.addService('Web', ServiceRoute.internetFacing({ hosts: ['www.example.com'] }));
    this.addService('Tenants', ServiceRoute.internetFacing({ hosts: ['*.example.com'] }));
    this.addService('Orders',
      ServiceRoute.internetFacing({ hosts: ['api.example.com'], paths: ['/orders', '/orders/*'] }),
      ServiceRoute.insideVpc({ paths: ['/orders', '/orders/*'] }));
    this.addService('OrdersBeta', ServiceRoute.internetFacing({ hosts: ['api.example.com'], paths: ['/orders/*'], headers: { 'X-Beta': ['yes'] } }));
    this.addService('Invoices', ServiceRoute.internetFacing({ hosts: ['api.example.com'], paths: ['/orders/*/invoice'] }));
    this.addService('Import', ServiceRoute.internetFacing({
      hosts: ['api.example.com'], paths: ['/orders/import'], methods: ['PUT', 'POST'], sourceIps: ['203.0.113.0/24'],
    }));
    this.addService('Search', ServiceRoute.internetFacing({ hosts: ['api.example.com'], paths: ['/search'], query: { version: ['2', '2.*'] } }));
    this.addService('Shop', ServiceRoute.internetFacing({ paths: ['/books', '/books/*', '/films', '/films/*', '/games', '/games/*'] }));
    this.addService('Backoffice', ServiceRoute.internetFacing({ hosts: ['backoffice.example.com'], authentication: this.signIn() }));
  }

  private addService(id: string, ...routes: ServiceRoute[]): void {
    new EcsMicroservice(this, id, {
      cluster: this.platform,
      image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/httpd:2.4'),
      port: 80,
      routes,
    });
  }

  private signIn(): RouteAuthentication {
    return RouteAuthentication.oidc({
      issuer: 'https://login.example.com',
      authorizationEndpoint: 'https://login.example.com/authorize',
      tokenEndpoint: 'https://login.example.com/token',
      userInfoEndpoint: 'https://login.example.com/userinfo',
      clientId: 'backoffice',
      clientSecret: SecretValue.secretsManager('backoffice-sign-in'),
    }, { bypassPaths: ['/health', '/webhooks/*'] });
  }
}
