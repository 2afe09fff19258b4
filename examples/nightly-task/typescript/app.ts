import { App } from 'aws-cdk-lib/core';
import { NightlyTaskStack } from './nightly-task-stack';

const app = new App({ analyticsReporting: false });
new NightlyTaskStack(app, 'NightlyTask', { description: 'A report that is written every night' });
