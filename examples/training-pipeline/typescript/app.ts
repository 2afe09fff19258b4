import { App } from 'aws-cdk-lib/core';
import { TrainingPipelineStack } from './training-pipeline-stack';

const app = new App({ analyticsReporting: false });
new TrainingPipelineStack(app, 'TrainingPipeline', { description: 'A model that is trained, and published if it is good' });
