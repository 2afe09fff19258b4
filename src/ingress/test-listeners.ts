import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RouteTable } from './route-table';
import { fail } from '../private/fail';

/** A listener on which services put their test rules. */
export interface TestListener {
  readonly listenerArn: string;
  readonly routes: RouteTable;
}

/** The listeners of a load balancer for test requests: one for each port that a service names. */
export class TestListeners {
  private readonly listeners = new Map<number, TestListener & { readonly listener: elbv2.ApplicationListener; readonly sources: Set<string> }>();

  constructor(private readonly loadBalancer: elbv2.ApplicationLoadBalancer, private readonly certificates: acm.ICertificate[]) {
  }

  public get(port: number, allowedSources: ec2.IPeer[]): TestListener {
    const found = this.listeners.get(port) ?? this.create(port);
    this.listeners.set(port, found);
    for (const source of allowedSources.filter(({ uniqueId }) => !found.sources.has(uniqueId))) {
      found.sources.add(source.uniqueId);
      found.listener.connections.allowDefaultPortFrom(source, 'Test requests');
    }
    return found;
  }

  private create(port: number) {
    if (!Number.isInteger(port) || port < 1) {
      fail(this.loadBalancer, "'port' of a test route must be known at synthesis, because it names the listener; pass a plain number");
    }
    const isHttps = this.certificates.length > 0;
    const listener = this.loadBalancer.addListener(`TestListener${port}`, {
      port,
      open: false,
      ...isHttps
        ? { protocol: elbv2.ApplicationProtocol.HTTPS, sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS, certificates: this.certificates }
        : { protocol: elbv2.ApplicationProtocol.HTTP },
      defaultAction: elbv2.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not Found' }),
    });
    return { listener, listenerArn: listener.listenerArn, routes: new RouteTable(), sources: new Set<string>() };
  }
}
