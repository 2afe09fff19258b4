const ecs = require('aws-cdk-lib/aws-ecs');
const elb = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const logs = require('aws-cdk-lib/aws-logs');
const { Duration } = require('aws-cdk-lib/core');
const { IMAGE, PORT, pathOf, secretIn, vpcIn } = require('../surroundings.cjs');

/** What a good engineer writes by hand: one load balancer, a rule for each service. */
exports.declare = (stack, services) => {
  const vpc = vpcIn(stack);
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
  const loadBalancer = new elb.ApplicationLoadBalancer(stack, 'Alb', { vpc, internetFacing: true });
  const listener = loadBalancer.addListener('Http', { port: 80, defaultAction: elb.ListenerAction.fixedResponse(404) });
  const secret = secretIn(stack);
  services.forEach((index, position) => {
    const id = `Service${index}`;
    const taskDefinition = new ecs.FargateTaskDefinition(stack, `${id}Task`, { cpu: 256, memoryLimitMiB: 512 });
    taskDefinition.addContainer('Main', {
      image: ecs.ContainerImage.fromRegistry(IMAGE),
      portMappings: [{ containerPort: PORT }],
      secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret) },
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'main', logGroup: new logs.LogGroup(stack, `${id}Logs`, { retention: logs.RetentionDays.ONE_WEEK }) }),
    });
    const service = new ecs.FargateService(stack, id, { cluster, taskDefinition, minHealthyPercent: 100, circuitBreaker: { rollback: true } });
    service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 10 }).scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 65 });
    listener.addTargets(`${id}Target`, {
      port: PORT,
      protocol: elb.ApplicationProtocol.HTTP,
      targets: [service],
      priority: position + 1,
      conditions: [elb.ListenerCondition.pathPatterns([pathOf(index)])],
      deregistrationDelay: Duration.seconds(30),
      healthCheck: { path: '/', interval: Duration.seconds(10), healthyThresholdCount: 2 },
    });
  });
};
