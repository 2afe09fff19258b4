import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { TestPortOptions } from './test-port-options';
import { checkInteger, checkPattern } from '../../private/check';
import { fail } from '../../private/fail';

/** What a test route asks for. */
export interface TestRouteConfig {
  readonly header?: { readonly name: string; readonly value: string };
  readonly port?: number;
  readonly allowedSources: ec2.IPeer[];
}

/**
 * How requests reach the new version of a service before the others do.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export class TestRoute {
  /**
   * Requests with this header go to the new version, as soon as it runs. All else that the service's route asks for must be in them too.
   *
   * Creates a listener rule on each load balancer of the service, free of charge. Whoever knows the header reaches the new version, from wherever the
   * load balancer is reached: it is no secret, it stands in the template.
   *
   * Under the hood, this is `TestListenerRule`.
   *
   * @param name the name of the header, such as `x-release`
   * @param value its value; no wildcard
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })],
   *   deployment: ServiceDeployment.blueGreen({ testRoute: TestRoute.header('x-release', 'next') }),
   * });
   */
  public static header(name: string, value: string): TestRoute {
    checkPattern(undefined, 'name', name, /^[A-Za-z0-9!#$%&'+.^_`|~-]{1,40}$/, 'the name of a header with up to 40 characters', "write 'x-release'");
    checkPattern(undefined, 'value', value, /^[^*?]{1,128}$/, "1 to 128 characters without '*' and '?', which are wildcards to a load balancer", "write 'next'");
    if (name.toLowerCase() === 'host') {
      fail(undefined, "'name' must not be \"host\": a load balancer compares it with the hosts of a route; write 'x-release'");
    }
    return new TestRoute({ header: { name, value }, allowedSources: [] });
  }

  /**
   * A port of the load balancer that leads to the new version.
   *
   * Creates a listener with that port on each load balancer of the service, shared by the services that name the same one, and a rule on it with the
   * conditions of the service's route. It has the certificates of the load balancer. Nobody may call it but whom you allow. The load balancer must be one of this app.
   *
   * Under the hood, this is `TestListenerRule`.
   *
   * @param port 1 to 65535, other than those of the load balancer (80, 443); known at synthesis
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.insideVpc({ paths: ['/orders/*'] })],
   *   deployment: ServiceDeployment.blueGreen({ testRoute: TestRoute.port(8443, { allowedSources: [ec2.Peer.ipv4('10.0.0.0/8')] }) }),
   * });
   */
  public static port(port: number, options: TestPortOptions = {}): TestRoute {
    checkInteger(undefined, 'port', port, 1, 65535, 'write 8443');
    if (port === 80 || port === 443) fail(undefined, `'port' must not be 80 or 443, which the load balancer has for its live requests, got ${port}; write 8443`);
    return new TestRoute({ port, allowedSources: [...options.allowedSources ?? []] });
  }

  private constructor(private readonly config: TestRouteConfig) {
  }

  /** @internal */
  public _bind(): TestRouteConfig {
    return this.config;
  }
}
