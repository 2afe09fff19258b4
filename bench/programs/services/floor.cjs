const ecs = require('aws-cdk-lib/aws-ecs');
const elb = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const ec2 = require('aws-cdk-lib/aws-ec2');
const iam = require('aws-cdk-lib/aws-iam');
const logs = require('aws-cdk-lib/aws-logs');
const scaling = require('aws-cdk-lib/aws-applicationautoscaling');
const { IMAGE, PORT, pathOf, secretIn, vpcIn } = require('../surroundings.cjs');

/** What is left when nothing helps: CloudFormation resources by hand, with what a service of the library does, and with the rights that it needs and no others. */
exports.declare = (stack, services) => {
  const vpc = vpcIn(stack);
  const cluster = new ecs.CfnCluster(stack, 'Cluster');
  const shared = { vpc, cluster, ...ingress(stack, vpc), secret: secretIn(stack), taskRole: role(stack, 'TaskRole', []) };
  services.forEach((index, position) => service(stack, `Service${index}`, { ...shared, path: pathOf(index), priority: position + 1 }));
};

const TASKS = { Service: 'ecs-tasks.amazonaws.com' };

function role(stack, id, statements) {
  const Condition = { StringEquals: { 'aws:SourceAccount': stack.account } };
  return new iam.CfnRole(stack, id, {
    assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: TASKS, Action: 'sts:AssumeRole', Condition }] },
    policies: statements.length === 0 ? undefined : [{ policyName: 'Grants', policyDocument: { Version: '2012-10-17', Statement: statements } }],
  });
}

function ingress(stack, vpc) {
  const balancerGroup = new ec2.CfnSecurityGroup(stack, 'AlbGroup', {
    groupDescription: 'Load balancer',
    vpcId: vpc.vpcId,
    securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 80, toPort: 80, cidrIp: '0.0.0.0/0' }],
    securityGroupEgress: [{ ipProtocol: '-1', cidrIp: vpc.vpcCidrBlock }],
  });
  const balancer = new elb.CfnLoadBalancer(stack, 'Alb', {
    scheme: 'internet-facing', subnets: vpc.publicSubnets.map(({ subnetId }) => subnetId), securityGroups: [balancerGroup.attrGroupId],
  });
  // a load balancer of a VPC without a gateway is refused, and without a route it is public in name only
  balancer.node.addDependency(...vpc.publicSubnets.map(({ internetConnectivityEstablished }) => internetConnectivityEstablished));
  const listener = new elb.CfnListener(stack, 'Http', {
    loadBalancerArn: balancer.ref, port: 80, protocol: 'HTTP', defaultActions: [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }],
  });
  return { balancerGroup, listener };
}

function service(stack, id, { vpc, cluster, balancerGroup, listener, secret, taskRole, path, priority }) {
  const logGroup = new logs.CfnLogGroup(stack, `${id}Logs`, { retentionInDays: 7 });
  const executionRole = role(stack, `${id}Role`, [
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logGroup.attrArn },
    { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: `${secret.secretArn}-??????` },
  ]);
  const group = new ec2.CfnSecurityGroup(stack, `${id}Group`, {
    groupDescription: id,
    vpcId: vpc.vpcId,
    securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: PORT, toPort: PORT, sourceSecurityGroupId: balancerGroup.attrGroupId }],
    securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0' }],
  });
  const task = new ecs.CfnTaskDefinition(stack, `${id}Task`, {
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    executionRoleArn: executionRole.attrArn,
    taskRoleArn: taskRole.attrArn,
    containerDefinitions: [{
      name: 'Main',
      image: IMAGE,
      essential: true,
      readonlyRootFilesystem: true,
      portMappings: [{ containerPort: PORT, protocol: 'tcp' }],
      linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/tmp', size: 64, mountOptions: ['mode=1777'] }] },
      stopTimeout: 30,
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': logGroup.ref, 'awslogs-region': stack.region, 'awslogs-stream-prefix': 'main', 'mode': 'non-blocking', 'max-buffer-size': '25m' },
      },
      secrets: [{ name: 'PASSWORD', valueFrom: secret.secretArn }],
    }],
  });
  const target = new elb.CfnTargetGroup(stack, `${id}Target`, {
    vpcId: vpc.vpcId,
    port: PORT,
    protocol: 'HTTP',
    targetType: 'ip',
    healthCheckPath: '/',
    healthCheckIntervalSeconds: 10,
    healthCheckTimeoutSeconds: 5,
    healthyThresholdCount: 2,
    targetGroupAttributes: [{ key: 'deregistration_delay.timeout_seconds', value: '30' }],
  });
  const rule = new elb.CfnListenerRule(stack, `${id}Rule`, {
    listenerArn: listener.ref,
    priority,
    conditions: [{ field: 'path-pattern', pathPatternConfig: { values: [path] } }],
    actions: [{ type: 'forward', targetGroupArn: target.ref }],
  });
  const service = new ecs.CfnService(stack, id, {
    cluster: cluster.ref,
    launchType: 'FARGATE',
    taskDefinition: task.ref,
    healthCheckGracePeriodSeconds: 60,
    deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200, deploymentCircuitBreaker: { enable: true, rollback: true } },
    networkConfiguration: { awsvpcConfiguration: { subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId), securityGroups: [group.attrGroupId] } },
    loadBalancers: [{ containerName: 'Main', containerPort: PORT, targetGroupArn: target.ref }],
  });
  service.addResourceDependency(rule);
  const scalable = new scaling.CfnScalableTarget(stack, `${id}Scaling`, {
    minCapacity: 2,
    maxCapacity: 10,
    resourceId: `service/${cluster.ref}/${service.attrName}`,
    scalableDimension: 'ecs:service:DesiredCount',
    serviceNamespace: 'ecs',
  });
  new scaling.CfnScalingPolicy(stack, `${id}Cpu`, {
    policyName: 'Cpu',
    policyType: 'TargetTrackingScaling',
    scalingTargetId: scalable.ref,
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' }, targetValue: 65, scaleInCooldown: 300, scaleOutCooldown: 60,
    },
  });
}
