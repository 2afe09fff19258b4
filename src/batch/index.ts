export * from './batch-job';
export * from './ecs-batch-pipeline';
export * from './fan-out';
export * from './job-compute';
export * from './job-options';
export * from './job-output';
