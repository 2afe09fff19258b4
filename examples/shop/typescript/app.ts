import { App } from 'aws-cdk-lib/core';
import { ShopStack } from './shop-stack';
import { ClusterProfile } from 'cdk-ecs-workloads';

/** `cdk deploy -c profile=development` for something cheap that is deleted without a trace. */
function profileOf(app: App): ClusterProfile {
  const name = app.node.tryGetContext('profile') ?? 'production';
  switch (name) {
    case 'production': return ClusterProfile.PRODUCTION;
    case 'development': return ClusterProfile.DEVELOPMENT;
    default: throw new Error(`the context value 'profile' must be production or development, got "${name}"`);
  }
}

const app = new App({ analyticsReporting: false });
new ShopStack(app, 'Shop', { profile: profileOf(app), description: 'A shop: two services and a pipeline' });
