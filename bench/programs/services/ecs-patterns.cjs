const ecs = require('aws-cdk-lib/aws-ecs');
const patterns = require('aws-cdk-lib/aws-ecs-patterns');
const { IMAGE, PORT, secretIn, vpcIn } = require('../surroundings.cjs');

/** A load balancer for each service: the pattern cannot share one between services. */
exports.declare = (stack, services) => {
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: vpcIn(stack) });
  const secret = secretIn(stack);
  for (const index of services) {
    const pattern = new patterns.ApplicationLoadBalancedFargateService(stack, `Service${index}`, {
      cluster,
      cpu: 256,
      memoryLimitMiB: 512,
      desiredCount: 2,
      taskImageOptions: {
        image: ecs.ContainerImage.fromRegistry(IMAGE),
        containerPort: PORT,
        secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret) },
      },
    });
    pattern.service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 10 }).scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 65 });
  }
};
