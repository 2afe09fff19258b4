type Json = Record<string, any>;

/** A resource of a template: its logical id, type and properties. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Json;
}

/** What a control looks at, and when a resource fails it. Written from the pages of Security Hub. */
export interface Control {
  readonly id: string;
  readonly type: string;
  readonly fails: (properties: Json, all: Resource[]) => boolean;
}

const TASK = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

const SECRET_NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'ECS_ENGINE_AUTH_DATA'];
const containers = (task: Json): Json[] => task.ContainerDefinitions ?? [];
const attribute = (balancer: Json, key: string) => (balancer.LoadBalancerAttributes ?? []).find((each: Json) => each.Key === key)?.Value;
const isSecure = (listener: Json) => ['HTTPS', 'TLS'].includes(listener.Protocol);
const forbidsPlainHttp = (policy: Json) => policy.PolicyDocument.Statement.some((statement: Json) =>
  statement.Effect === 'Deny' && String(statement.Condition?.Bool?.['aws:SecureTransport']) === 'false');

/** Met by everything in the default form, in production. */
export const MET: Control[] = [
  { id: 'ECS.2', type: SERVICE, fails: ({ NetworkConfiguration }) => NetworkConfiguration?.AwsvpcConfiguration?.AssignPublicIp !== 'DISABLED' },
  { id: 'ECS.3', type: TASK, fails: ({ PidMode }) => PidMode === 'host' },
  { id: 'ECS.4', type: TASK, fails: (task) => containers(task).some(({ Privileged }) => Privileged === true) },
  { id: 'ECS.5', type: TASK, fails: (task) => containers(task).some(({ ReadonlyRootFilesystem }) => ReadonlyRootFilesystem !== true) },
  {
    id: 'ECS.8',
    type: TASK,
    fails: (task) => containers(task).some(({ Environment }) => (Environment ?? []).some(({ Name }: Json) => SECRET_NAMES.includes(Name))),
  },
  { id: 'ECS.9', type: TASK, fails: (task) => containers(task).some(({ LogConfiguration }) => LogConfiguration?.LogDriver === undefined) },
  { id: 'ECS.10', type: SERVICE, fails: ({ PlatformVersion }) => PlatformVersion !== undefined && PlatformVersion !== 'LATEST' },
  {
    id: 'ECS.12',
    type: 'AWS::ECS::Cluster',
    fails: ({ ClusterSettings }) => !(ClusterSettings ?? []).some(({ Name, Value }: Json) => Name === 'containerInsights' && Value !== 'disabled'),
  },
  { id: 'ECS.17', type: TASK, fails: ({ NetworkMode }) => NetworkMode === 'host' },
  {
    id: 'ECS.18',
    type: TASK,
    fails: ({ Volumes }) => (Volumes ?? []).some(({ EFSVolumeConfiguration }: Json) => EFSVolumeConfiguration !== undefined && EFSVolumeConfiguration.TransitEncryption !== 'ENABLED'),
  },
  { id: 'ELB.4', type: BALANCER, fails: (balancer) => balancer.Type === 'application' && attribute(balancer, 'routing.http.drop_invalid_header_fields.enabled') !== 'true' },
  { id: 'ELB.5', type: BALANCER, fails: (balancer) => attribute(balancer, 'access_logs.s3.enabled') !== 'true' },
  { id: 'ELB.6', type: BALANCER, fails: (balancer) => attribute(balancer, 'deletion_protection.enabled') !== 'true' },
  { id: 'ELB.12', type: BALANCER, fails: (balancer) => !['defensive', 'strictest', undefined].includes(attribute(balancer, 'routing.http.desync_mitigation_mode')) },
  { id: 'ELB.13', type: BALANCER, fails: ({ Subnets, SubnetMappings }) => (Subnets ?? SubnetMappings ?? []).length < 2 },
  { id: 'ELB.17', type: LISTENER, fails: (listener) => isSecure(listener) && !/^ELBSecurityPolicy-TLS13-1-2-/.test(listener.SslPolicy) },
  { id: 'SQS.1', type: 'AWS::SQS::Queue', fails: ({ SqsManagedSseEnabled, KmsMasterKeyId }) => SqsManagedSseEnabled !== true && KmsMasterKeyId === undefined },
  { id: 'S3.5', type: 'AWS::S3::BucketPolicy', fails: (policy) => !forbidsPlainHttp(policy) },
  {
    id: 'S3.8',
    type: 'AWS::S3::Bucket',
    fails: ({ PublicAccessBlockConfiguration: block }) => !['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every((key) => block?.[key] === true),
  },
  { id: 'EC2.6', type: 'AWS::EC2::VPC', fails: (_, all) => !all.some(({ type, properties }) => type === 'AWS::EC2::FlowLog' && properties.ResourceType === 'VPC') },
  { id: 'EC2.15', type: 'AWS::EC2::Subnet', fails: ({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === true },
  { id: 'EC2.170', type: 'AWS::EC2::LaunchTemplate', fails: ({ LaunchTemplateData }) => LaunchTemplateData.MetadataOptions?.HttpTokens !== 'required' },
  { id: 'KMS.4', type: 'AWS::KMS::Key', fails: ({ EnableKeyRotation }) => EnableKeyRotation !== true },
  { id: 'CloudWatch.17', type: 'AWS::CloudWatch::Alarm', fails: ({ ActionsEnabled }) => ActionsEnabled === false },
];

/** Met where it is asked for: by a certificate, a firewall. */
export const ON_WISH: Control[] = [
  {
    id: 'ELB.1',
    type: LISTENER,
    fails: (listener) => listener.Protocol === 'HTTP' && !listener.DefaultActions.some(({ Type, RedirectConfig }: Json) => Type === 'redirect' && RedirectConfig.Protocol === 'HTTPS'),
  },
  {
    id: 'ELB.16',
    type: BALANCER,
    fails: ({ Scheme }, all) => Scheme === 'internet-facing' && !all.some(({ type }) => type === 'AWS::WAFv2::WebACLAssociation'),
  },
];

/** Not met, each with its reason in docs/security.md. */
export const NOT_MET: Control[] = [
  { id: 'ECS.19', type: 'AWS::ECS::CapacityProvider', fails: ({ AutoScalingGroupProvider }) => AutoScalingGroupProvider?.ManagedTerminationProtection !== 'ENABLED' },
  { id: 'ECS.20', type: TASK, fails: (task) => containers(task).some(({ User }) => User === undefined || User === 'root') },
  { id: 'ELB.22', type: 'AWS::ElasticLoadBalancingV2::TargetGroup', fails: ({ Protocol }) => !['HTTPS', 'TLS'].includes(Protocol) },
  { id: 'Batch.1', type: 'AWS::Batch::JobQueue', fails: ({ Tags }) => Tags === undefined },
  { id: 'Batch.3', type: 'AWS::Batch::ComputeEnvironment', fails: ({ Tags }) => Tags === undefined },
  { id: 'StepFunctions.1', type: 'AWS::StepFunctions::StateMachine', fails: ({ LoggingConfiguration }) => LoggingConfiguration === undefined },
];
