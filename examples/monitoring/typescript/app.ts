import { App } from 'aws-cdk-lib/core';
import { MonitoringStack } from './monitoring-stack';

const app = new App({ analyticsReporting: false });
new MonitoringStack(app, 'Monitoring', { description: 'A shop that is watched: alarms, an objective, and a dashboard of its own' });
