import { App } from 'aws-cdk-lib/core';
import { QueueWorkerStack } from './queue-worker-stack';

const app = new App({ analyticsReporting: false });
new QueueWorkerStack(app, 'QueueWorker', { description: 'Reports that are rendered by workers, from queues' });
