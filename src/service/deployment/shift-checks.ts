import type { Construct } from 'constructs';
import { fail } from '../../private/fail';
import type { ServiceDeployment } from '../service-deployment';
import type { ServiceRoute } from '../service-route';

/** What strategies that shift requests cannot shift. */
export function checkShift(scope: Construct, routes: ServiceRoute[], deployment?: ServiceDeployment): void {
  const strategy = deployment?._shift;
  if (strategy === undefined) return;
  if (routes.length === 0) {
    fail(scope, `'deployment' by ServiceDeployment.${strategy.name} shifts the requests of a route, got a workload without 'routes'; give a service one, or use `
      + 'ServiceDeployment.rolling');
  }
  if (routes.some((route) => route._network !== undefined)) {
    fail(scope, `'routes' by TCP, UDP and TLS must not be given with ServiceDeployment.${strategy.name}: connections stay with the tasks that took them, so that `
      + 'only requests of HTTP are shifted here; use ServiceDeployment.rolling, or make two services of it');
  }
}
