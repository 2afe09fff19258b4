const ecs = require('aws-cdk-lib/aws-ecs');
const {
  Container, Environment, HttpLoadBalancerExtension, Service, ServiceDescription, ServiceExtension,
} = require('@aws-cdk-containers/ecs-service-extensions');
const { IMAGE, PORT, secretIn, vpcIn } = require('../surroundings.cjs');

/** The container extension knows no secrets: this is how its users add them. */
class SecretExtension extends ServiceExtension {
  constructor(secret) {
    super('secret');
    this.secret = secret;
  }

  useTaskDefinition(taskDefinition) {
    taskDefinition.defaultContainer.addSecret('PASSWORD', ecs.Secret.fromSecretsManager(this.secret));
  }
}

exports.declare = (stack, services) => {
  const vpc = vpcIn(stack);
  const environment = new Environment(stack, 'Environment', { vpc, cluster: new ecs.Cluster(stack, 'Cluster', { vpc }) });
  const secret = secretIn(stack);
  for (const index of services) {
    const description = new ServiceDescription();
    description.add(new Container({ cpu: 256, memoryMiB: 512, trafficPort: PORT, image: ecs.ContainerImage.fromRegistry(IMAGE) }));
    description.add(new HttpLoadBalancerExtension());
    description.add(new SecretExtension(secret));
    new Service(stack, `Service${index}`, {
      environment,
      serviceDescription: description,
      desiredCount: 2,
      autoScaleTaskCount: { minTaskCount: 2, maxTaskCount: 10, targetCpuUtilization: 65 },
    });
  }
};
