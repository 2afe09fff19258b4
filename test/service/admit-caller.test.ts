import { App, Stack } from 'aws-cdk-lib/core';
import { ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute } from '../../src';
import { ENV, IMAGE, warningsOf } from '../util/fixtures';

/**
 * A service with a route, whose load balancer has the first rule of its security group, and callers in a stack of their own, which has no room for their
 * alarms.
 */
function callers(count: number) {
  const app = new App({ analyticsReporting: false });
  const platform = new Stack(app, 'Platform', { env: ENV });
  const cluster = new FargateCluster(platform, 'Cluster', { profile: ClusterProfile.DEVELOPMENT });
  const orders = new EcsMicroservice(platform, 'Orders', { cluster, image: IMAGE, routes: [ServiceRoute.insideVpc({ paths: ['/orders'] })] });
  const product = new Stack(app, 'Product', { env: ENV });
  const call = (index: number) => new EcsMicroservice(product, `Caller${index}`, { cluster, image: IMAGE }).connectTo(orders);
  for (let index = 1; index <= count; index++) call(index);
  return { platform, call };
}

describe('the callers of a service', () => {
  test('are counted together with its load balancers', () => {
    const { call } = callers(59);
    expect(() => call(60)).toThrow(new Error("'connectTo' must come to 60 rules of the called service's security group at most, one for each caller and load balancer, "
      + 'got 61 for Platform/Orders; give that service a route with ServiceRoute.insideVpc and call it there (at Product/Caller60)'));
  });

  test.each([[46, 0], [47, 1], [49, 1]])('are warned of once, when they are many: %d', (count, warnings) => {
    const { platform } = callers(count);
    expect(warningsOf(platform).filter((warning) => warning.includes('serviceNearLimit'))).toEqual(Array(warnings).fill(
      '/Platform/Orders: four fifths of the 60 rules that its security group may have are in use, one for each caller; give it a route with '
      + 'ServiceRoute.insideVpc for further callers, or ask AWS for a higher quota [ack: cdk-ecs-workloads:serviceNearLimit]'));
  });
});
