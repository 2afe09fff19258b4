import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { SidecarOptions, SidecarRole } from '../../src';
import { createService, IMAGE } from '../util/fixtures';

const HEALTH: ecs.HealthCheck = { command: ['CMD', '/health'] };

/** The containers of the one task definition, by name. */
function containersOf(template: Template): Record<string, any> {
  const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as any[];
  return Object.fromEntries(Properties.ContainerDefinitions.map((container: any) => [container.Name, container]));
}

/** Which container waits for which, as `App after Proxy HEALTHY`. */
function orderOf(template: Template): string[] {
  return Object.values(containersOf(template)).flatMap(({ Name, DependsOn = [] }) => DependsOn
    .map((dependency: any) => `${Name} after ${dependency.ContainerName} ${dependency.Condition}`)).sort();
}

function withSidecars(sidecars: Record<string, Partial<SidecarOptions>>, appHealth?: ecs.HealthCheck) {
  const made = createService({ container: { healthCheck: appHealth } });
  Object.entries(sidecars).forEach(([id, options]) => made.service.addSidecar(id, { image: IMAGE, ...options }));
  return made;
}

describe('a sidecar', () => {
  test('is hardened as the main container is, and logs to the same group', () => {
    const { template } = withSidecars({ Proxy: { role: SidecarRole.PROXY, port: 9901, container: { user: '101', writablePaths: ['/run'] } } });
    const { App, Proxy } = containersOf(template());
    expect(Proxy).toMatchObject({
      Essential: true,
      User: '101',
      ReadonlyRootFilesystem: true,
      LinuxParameters: { InitProcessEnabled: true, Tmpfs: [{ ContainerPath: '/run', Size: 64, MountOptions: ['mode=1777'] }] },
      PortMappings: [{ ContainerPort: 9901, Protocol: 'tcp' }],
      Environment: [{ Name: 'PORT', Value: '9901' }],
      RestartPolicy: { Enabled: true, RestartAttemptPeriod: 60, IgnoredExitCodes: [0] },
    });
    expect(Proxy.LogConfiguration).toEqual(App.LogConfiguration);
    expect(App.RestartPolicy).toBeUndefined();
  });

  test('starts in the order of its role, whatever the order of its declaration', () => {
    const roles = {
      Setup: SidecarRole.SETUP,
      Helper: SidecarRole.HELPER,
      Proxy: SidecarRole.PROXY,
      Router: SidecarRole.LOG_ROUTER,
      Collector: SidecarRole.COLLECTOR,
    };
    const { template } = withSidecars(Object.fromEntries(Object.entries(roles).map(([id, role]) => [id, { role }])));
    expect(orderOf(template())).toEqual([
      'App after Collector START', 'App after Proxy START', 'App after Router START', 'App after Setup SUCCESS',
      'Collector after Router START',
      'Helper after App START', 'Helper after Collector START', 'Helper after Proxy START', 'Helper after Router START', 'Helper after Setup SUCCESS',
      'Proxy after Collector START', 'Proxy after Router START', 'Proxy after Setup SUCCESS',
      'Setup after Collector START', 'Setup after Router START',
    ]);
  });

  test('must be healthy before others start, if it has a health check; so must the application before its helpers', () => {
    const { template } = withSidecars({ Proxy: { role: SidecarRole.PROXY, container: { healthCheck: HEALTH } }, Helper: {} }, HEALTH);
    expect(orderOf(template())).toEqual(['App after Proxy HEALTHY', 'Helper after App HEALTHY', 'Helper after Proxy HEALTHY']);
  });

  test.each([
    [SidecarRole.LOG_ROUTER, true, true], [SidecarRole.COLLECTOR, false, true], [SidecarRole.SETUP, false, false], [SidecarRole.PROXY, true, true],
    [SidecarRole.HELPER, false, true], [undefined, false, true],
  ])('with the role %s is essential: %s, and is started anew: %s', (role, essential, restart) => {
    const { Side } = containersOf(withSidecars({ Side: { role } }).template());
    expect([Side.Essential, Side.RestartPolicy?.Enabled ?? false]).toEqual([essential, restart]);
  });

  test('may be essential, or not be started anew', () => {
    const { Side } = containersOf(withSidecars({ Side: { essential: true, restart: false } }).template());
    expect([Side.Essential, Side.RestartPolicy]).toEqual([true, undefined]);
  });

  test('adds nothing but its container', () => {
    const count = (sidecars: Record<string, Partial<SidecarOptions>>) => Object.keys(withSidecars(sidecars).template().toJSON().Resources).length;
    expect(count({ Proxy: {} })).toBe(count({}));
  });

  test('fails when its id is taken', () => {
    expect(() => withSidecars({ App: {} })).toThrow('\'id\' of a sidecar must be unique in its task, got "App" again; choose another (at Stack/Orders)');
  });

  test('fails when its port is taken, or out of range', () => {
    expect(() => withSidecars({ Proxy: { port: 8080 } })).toThrow(
      "'port' must be another one than those of the task's other containers, got 8080, which App has; choose another (at Stack/Orders)");
    expect(() => withSidecars({ Proxy: { port: 0 } })).toThrow("'port' must be between 1 and 65535, got 0; give the port that the sidecar listens on (at Stack/Orders)");
  });

  test('fails when its environment sets PORT', () => {
    expect(() => withSidecars({ Proxy: { port: 9901, environment: { PORT: '1' } } })).toThrow(
      "'environment' of a sidecar must not set \"PORT\": it tells the sidecar its port, which is 9901; set 'port' instead (at Stack/Orders)");
  });

  test.each(['restart', 'essential'])('fails when %s is true for one that sets something up', (prop) => {
    expect(() => withSidecars({ Migrate: { role: SidecarRole.SETUP, [prop]: true } })).toThrow(
      `'${prop}' must not be true for a sidecar that sets something up, got it for "Migrate"; it is to end before the application starts, omit it (at Stack/Orders)`);
  });

  test('fails when a variable of it looks like a secret', () => {
    expect(withSidecars({ Proxy: { environment: { API_KEY: 'x' } } }).template).toThrow(/'environment' must hold no secrets, got "API_KEY"/);
  });

});
