import { App } from 'aws-cdk-lib/core';
import { GpuTrainingStack } from './gpu-training-stack';

const app = new App({ analyticsReporting: false });
new GpuTrainingStack(app, 'GpuTraining', { description: 'A model that is trained on GPUs, on Spot as far as may be' });
