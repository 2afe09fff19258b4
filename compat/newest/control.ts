import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { App, Stack } from 'aws-cdk-lib/core';

/** What the judges must find: CONTROL names the one that is asked. If they let this pass, they judge nothing. */
const stack = new Stack(new App(), 'Control', { env: { account: '123456789012', region: 'us-east-1' } });

if (process.env.CONTROL === 'validator') {
  new ecs.CfnTaskDefinition(stack, 'NoSuchSize', {
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '8192',
    containerDefinitions: [{ name: 'app', image: 'public.ecr.aws/nginx/nginx:1.29' }],
  });
} else {
  new elbv2.CfnLoadBalancer(stack, 'TooPatient', {
    subnets: ['subnet-1', 'subnet-2'],
    loadBalancerAttributes: [{ key: 'idle_timeout.timeout_seconds', value: '5000' }],
  });
}
