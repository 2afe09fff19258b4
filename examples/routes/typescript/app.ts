import { App } from 'aws-cdk-lib/core';
import { RoutesStack } from './routes-stack';

const app = new App({ analyticsReporting: false });
new RoutesStack(app, 'Routes', { description: 'Services behind one load balancer, each with routes of another kind' });
