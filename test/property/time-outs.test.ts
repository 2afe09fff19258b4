import { Template } from 'aws-cdk-lib/assertions';
import { Duration } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { ClusterProfile, EcsMicroservice, ServiceRoute } from '../../src';
import { createCluster, createStack, IMAGE } from '../util/fixtures';

/** Services behind one load balancer, each with a longest request and, perhaps, a time to stop of its own. */
const SERVICE = fc.record({
  maxRequestTime: fc.integer({ min: 1, max: 120 }),
  more: fc.option(fc.integer({ min: 0, max: 119 }), { nil: undefined }),
});
const SERVICES = fc.array(SERVICE, { minLength: 1, maxLength: 3 });

function secondsOf(attributes: { Key: string; Value: string }[], key: string): number {
  return Number(attributes.find((attribute) => attribute.Key === key)!.Value);
}

describe('time-outs from maxRequestTime', () => {
  test('a request ends before anything cuts it off, whatever the services', () => {
    fc.assert(fc.property(SERVICES, (services) => {
      const stack = createStack();
      const cluster = createCluster(stack, { profile: ClusterProfile.DEVELOPMENT });
      services.forEach(({ maxRequestTime, more }, index) => new EcsMicroservice(stack, `Service${index}`, {
        cluster,
        image: IMAGE,
        maxRequestTime: Duration.seconds(maxRequestTime),
        container: more === undefined ? {} : { stopTimeout: Duration.seconds(Math.min(120, maxRequestTime + more)) },
        routes: [ServiceRoute.internetFacing({ paths: [`/service-${index}/*`] })],
      }));
      const template = Template.fromStack(stack);
      const [loadBalancer] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'));
      const idle = secondsOf(loadBalancer.Properties.LoadBalancerAttributes, 'idle_timeout.timeout_seconds');
      services.forEach(({ maxRequestTime }, index) => {
        const [group] = Object.entries(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup')).filter(([id]) => id.startsWith(`Service${index}`));
        const [task] = Object.entries(template.findResources('AWS::ECS::TaskDefinition')).filter(([id]) => id.startsWith(`Service${index}`));
        const drain = secondsOf(group[1].Properties.TargetGroupAttributes, 'deregistration_delay.timeout_seconds');
        const [container] = task[1].Properties.ContainerDefinitions;
        const [service] = Object.entries(template.findResources('AWS::ECS::Service')).filter(([id]) => id.startsWith(`Service${index}`));
        const keepAlive = Number(container.Environment.find((variable: { Name: string }) => variable.Name === 'KEEP_ALIVE_TIMEOUT').Value);
        expect(service[1].Properties.HealthCheckGracePeriodSeconds).toBe(Math.max(60, 2 * maxRequestTime));
        expect(drain).toBeGreaterThanOrEqual(maxRequestTime);
        expect(container.StopTimeout).toBeGreaterThanOrEqual(maxRequestTime);
        expect(container.StopTimeout).toBeLessThanOrEqual(120);
        expect(idle).toBeGreaterThanOrEqual(maxRequestTime);
        expect(keepAlive).toBeGreaterThan(idle);
      });
    }), { numRuns: 25 });
  });

  test('fails when a task would be killed in the middle of a request', () => {
    const stack = createStack();
    expect(() => new EcsMicroservice(stack, 'Orders', {
      cluster: createCluster(stack), image: IMAGE, maxRequestTime: Duration.seconds(60), container: { stopTimeout: Duration.seconds(10) },
    })).toThrow("'container.stopTimeout' must be at least 'maxRequestTime', got 10 seconds in the chain: request 60 s, drain 60 s, stop 10 s: a task would be "
      + "killed in the middle of a request; give 'container.stopTimeout' 60 seconds or more, omit it, or shorten 'maxRequestTime' (at Stack/Orders)");
  });
});
