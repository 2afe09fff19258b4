import { createHash } from 'crypto';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Duration, Token } from 'aws-cdk-lib/core';
import { Construct, IDependable } from 'constructs';
import type { SmokeTestOptions } from './deployment-hook-options';
import { DeploymentStage } from './deployment-stage';
import type { HookedPlace, HookedService, HookTarget } from './hook-target';
import type { TestRouteConfig } from './test-route';
import { IngressRole } from '../../ingress/ingress-role';
import { patternCovers } from '../../ingress/patterns';
import { checkInteger, checkPattern, checkSeconds } from '../../private/check';
import { fail } from '../../private/fail';
import { HandlerFunction } from '../../private/handler-function';

export function checkSmokeTest({ path, status, timeout }: SmokeTestOptions): void {
  checkPattern(undefined, 'path', path, /^\/[^\s#]*$/, "a path that starts with '/', without spaces and '#'", "write '/health'");
  checkInteger(undefined, 'status', status, 200, 599, 'give the status that a good version answers with');
  checkSeconds(undefined, 'timeout', timeout, 1, 600, 'a function runs for 15 minutes at most');
}

/** The function beside the service that asks, and what lets it through to the load balancer. */
export function bindSmokeTest(parent: Construct, service: HookedService, options: SmokeTestOptions): HookTarget {
  const [place] = service.places;
  const route = checkReachable(parent, place, service.testRoute, options);
  const id = `SmokeTest${createHash('sha256').update(`${options.host ?? ''}${options.path}`).digest('hex').slice(0, 8)}`;
  if (parent.node.tryFindChild(id) !== undefined) {
    fail(parent, `'hooks' must not have two smoke tests of one path, got ${JSON.stringify(options.path)} twice; leave one out`);
  }
  const scope = new Construct(parent, id);
  const timeout = options.timeout ?? Duration.seconds(60);
  const network = place.role === IngressRole.PUBLIC ? undefined : createNetwork(scope, service, place, route);
  const { function: handler } = new HandlerFunction(scope, 'Test', {
    handler: 'smoke-test',
    description: 'Asks a new version before it gets live requests',
    timeout: timeout.isUnresolved() ? Duration.minutes(11) : timeout.plus(Duration.seconds(30)),
    environment: { SMOKE_TEST: settings(place, route, options, timeout) },
    profile: service.cluster.profile,
    permissionsBoundary: service.cluster._permissionsBoundary,
    network,
  });
  return { stages: [DeploymentStage.POST_TEST_TRAFFIC_SHIFT], function: handler, before: network?.doors };
}

/** What would fail each deployment is refused: a test that asks another service, or that nobody lets in. */
function checkReachable(
  scope: Construct, { role, conditions }: HookedPlace, route: TestRouteConfig | undefined, { path }: SmokeTestOptions,
): TestRouteConfig {
  if (route === undefined) {
    fail(scope, "'hooks' has a smoke test, which reaches the new version by a test route, got none; add 'testRoute: TestRoute.header(...)'");
  }
  if (route.port !== undefined && role === IngressRole.PUBLIC) {
    fail(scope, "'testRoute' by port is closed to the internet, from where a smoke test asks a public load balancer; use TestRoute.header");
  }
  const [asked] = path.split('?');
  const takes = (pattern: string) => Token.isUnresolved(pattern) || patternCovers(pattern, asked);
  if (!Token.isUnresolved(path) && conditions.paths?.length && !conditions.paths.some(takes)) {
    fail(scope, `'path' of a smoke test must be one that the service's route takes (${conditions.paths.join(', ')}), got ${JSON.stringify(path)}; change one of them`);
  }
  if (conditions.methods?.length && !conditions.methods.includes('GET')) {
    fail(scope, `'hooks' has a smoke test, which asks by GET, and the service's route takes ${conditions.methods.join(', ')} only; add GET, or use DeploymentHook.lambdaFunction`);
  }
  if (role === IngressRole.PUBLIC && conditions.sourceIps?.length) {
    fail(scope, "'hooks' has a smoke test, which asks from an address of AWS, and the service's route takes 'sourceIps' only; use DeploymentHook.lambdaFunction");
  }
  return route;
}

function settings({ ingress, conditions }: HookedPlace, route: TestRouteConfig, options: SmokeTestOptions, timeout: Duration): string {
  const literal = (values: string[] = []) => values.find((value) => !/[*?]/.test(value));
  const named = Object.entries(conditions.headers ?? {}).map(([name, values]) => [name, literal(values)]);
  return JSON.stringify({
    url: `${ingress.url}${route.port === undefined ? '' : `:${route.port}`}${options.path}`,
    host: options.host ?? literal(conditions.hosts),
    headers: {
      ...Object.fromEntries(named), ...options.headers, ...route.header && { [route.header.name]: route.header.value },
    },
    status: options.status ?? 200,
    seconds: timeout.toSeconds(),
  });
}

/** An internal load balancer is reached from within its network only. */
function createNetwork(scope: Construct, { cluster }: HookedService, { ingress }: HookedPlace, route: TestRouteConfig) {
  const securityGroup = new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc: cluster.vpc, description: 'Smoke test' });
  const door = new ec2.CfnSecurityGroupIngress(scope, 'Door', {
    groupId: ingress.securityGroup.securityGroupId,
    sourceSecurityGroupId: securityGroup.securityGroupId,
    ipProtocol: 'tcp',
    fromPort: route.port ?? (ingress.isHttps ? 443 : 80),
    toPort: route.port ?? (ingress.isHttps ? 443 : 80),
    description: 'Smoke test',
  });
  const doors: IDependable[] = [door];
  return { vpc: cluster.vpc, subnets: cluster.taskSubnets, securityGroup, doors };
}
