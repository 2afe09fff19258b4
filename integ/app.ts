import { App } from 'aws-cdk-lib/core';

/** The app of an integration test: without stack traces, so that no path of one machine gets into its snapshot. */
export function createApp(): App {
  return new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
}
