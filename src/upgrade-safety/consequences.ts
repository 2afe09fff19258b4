/** What it means that a resource is replaced, and that it is deleted. */
interface Consequences {
  readonly replacement: string;
  readonly deletion: string;
}

const NEW_ADDRESS = 'It comes back with another address';

const REVISION_OF_TASKS = 'A new revision is registered: services go over to it by a deployment, tasks that run keep theirs';

/** By type: what happens to requests, to what runs, to data. Each is written from what AWS documents of the API that CloudFormation calls. */
const CONSEQUENCES: Record<string, Consequences> = {
  'AWS::ECS::Service': {
    replacement: 'A second service starts with all of its tasks before the first is stopped with all of its own: twice the tasks for a time, its alarms and scaling begin anew',
    deletion: 'All of its tasks are stopped: requests find nobody any more, what they work on ends after their stop time-out',
  },
  'AWS::ECS::TaskDefinition': {
    replacement: REVISION_OF_TASKS,
    deletion: 'Its revision is deregistered: what runs goes on, nothing new starts from it',
  },
  'AWS::Batch::JobDefinition': {
    replacement: 'The new one has another name: executions under way that still submit the old one fail there once it is deregistered',
    deletion: 'Its revision is deregistered: jobs that run go on, none can be submitted with it',
  },
  'AWS::ECS::Cluster': {
    replacement: 'Every service in it is replaced as well, its capacity too: all tasks are started again in the new cluster',
    deletion: 'Nothing can run in it any more; CloudFormation cannot delete it while services or instances are in it',
  },
  'AWS::ECS::CapacityProvider': {
    replacement: 'Tasks move to the new provider by a deployment; the old one stays until no service names it',
    deletion: 'Tasks cannot start on this capacity any more; CloudFormation cannot delete it while services name it',
  },
  'AWS::AutoScaling::AutoScalingGroup': {
    replacement: 'New instances start, and all of the old ones are ended: the tasks on them are stopped',
    deletion: 'All of its instances are ended: the tasks on them are stopped',
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    replacement: `${NEW_ADDRESS}: clients that know the old one, by name or from a cache, fail when it is deleted`,
    deletion: 'Its address is gone: all requests to it fail',
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    replacement: 'Its port is closed on the old load balancer, and open connections with it; its rules are made anew',
    deletion: 'Its port is closed: new connections to it are refused',
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    replacement: 'The new rule is made before the old one goes; on one listener both cannot have the same priority',
    deletion: 'Requests that it matched fall through to the next rule, or to the default answer (404)',
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    replacement: 'The new group is empty at first: requests are answered with 503 from when the rule names it until tasks are healthy in it',
    deletion: 'Requests that were forwarded to it go nowhere',
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    replacement: 'Scaling pauses for a moment; the number of tasks stays as it is',
    deletion: 'The number of tasks stays as it is from now on, whatever the load',
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    replacement: 'Scaling pauses for a moment; the number of tasks stays as it is',
    deletion: 'This policy scales no more; the number of tasks stays as it is unless another does',
  },
  'AWS::Batch::JobQueue': {
    replacement: 'Jobs that wait or run in the old queue are terminated when it is deleted',
    deletion: 'Jobs that wait or run in it are terminated',
  },
  'AWS::Batch::ComputeEnvironment': {
    replacement: 'Queues go over to the new one; jobs that still run on the old one are cut off by its deletion, or hold it up',
    deletion: 'Jobs that run on it are cut off by its deletion, or hold it up; those that wait for it wait for ever',
  },
  'AWS::StepFunctions::StateMachine': {
    replacement: 'Executions of the old one are ended at their next state; its history is gone',
    deletion: 'Its executions are ended at their next state; its history is gone',
  },
  'AWS::Scheduler::Schedule': {
    replacement: 'A start that is due in between may be missed, or happen twice',
    deletion: 'It starts nothing any more',
  },
  'AWS::Events::Rule': {
    replacement: 'An event in between may be heard twice',
    deletion: 'Its events are heard no more',
  },
  'AWS::SQS::Queue': {
    replacement: `${NEW_ADDRESS} and empty: messages in the old one are lost when it is deleted, and senders outside of the stack still send there`,
    deletion: 'Its messages are lost, and senders get errors',
  },
  'AWS::Logs::LogGroup': {
    replacement: 'What was logged goes with the old group',
    deletion: 'What was logged goes with it',
  },
  'AWS::IAM::Role': {
    replacement: 'It has another ARN: what trusts the old one outside of the stack (bucket, key and queue policies) lets the new one in no more',
    deletion: 'Whatever runs with it loses its permissions at once',
  },
  'AWS::EC2::VPC': {
    replacement: 'Everything in it is replaced as well: subnets, load balancers, services, with other addresses',
    deletion: 'Nothing can be in it any more; CloudFormation cannot delete it while something is',
  },
  'AWS::EC2::Subnet': {
    replacement: 'What stands in it moves: tasks by a deployment, load balancers with connections closed on the old addresses',
    deletion: 'CloudFormation cannot delete it while tasks or load balancers have addresses in it',
  },
  'AWS::EC2::NatGateway': {
    replacement: 'Connections from the tasks to the internet break, and new ones may come from another public address, which an allow-list of others may not have',
    deletion: 'Tasks behind it reach the internet no more: image pulls and calls fail',
  },
  'AWS::EC2::EIP': {
    replacement: 'Calls to the internet come from another public address, which an allow-list of others may not have',
    deletion: 'Its public address is given back for good',
  },
  'AWS::EC2::Route': {
    replacement: 'Connections over it may break for a moment',
    deletion: 'Connections over it break',
  },
  'AWS::EC2::SecurityGroup': {
    replacement: 'Tasks get the new group by a deployment; rules of others that name the old one let the new one in no more',
    deletion: 'CloudFormation cannot delete it while something has it; what others let in by it is let in no more',
  },
  'AWS::EC2::SecurityGroupIngress': {
    replacement: 'The new rule is made before the old one goes: connections go on, if the new one lets them in',
    deletion: 'New connections that it let in are refused',
  },
  'AWS::EC2::VPCEndpoint': {
    replacement: 'Calls of tasks to the service fail for a time, unless there is another way; two with private names cannot be there at once',
    deletion: 'Calls of tasks to the service take another way, or fail where there is none',
  },
  'AWS::ServiceDiscovery::HttpNamespace': {
    replacement: 'All names in it are made anew: services have to be deployed again to call each other',
    deletion: 'Services find each other by its names no more',
  },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': {
    replacement: 'All names in it are made anew, and are unknown in between',
    deletion: 'Its names are unknown from now on',
  },
  'AWS::ServiceDiscovery::Service': {
    replacement: 'The name is unknown until tasks have registered with the new one',
    deletion: 'The name is unknown from now on',
  },
  'AWS::Route53::RecordSet': {
    replacement: 'The old name is unknown from now on, also in the caches of clients after its time to live',
    deletion: 'The name is unknown from now on: requests to it fail',
  },
  'AWS::CertificateManager::Certificate': {
    replacement: 'The new one has to be validated before listeners take it; the old one serves until then',
    deletion: 'CloudFormation cannot delete it while a listener has it',
  },
  'AWS::CloudWatch::Alarm': {
    replacement: 'It begins without data, and without its history',
    deletion: 'Nobody is told any more',
  },
};

const DATA = 'What it holds is lost';

/** What a replacement means, in sentences. `kept` if the old one is not deleted, `holdsData` if it has any. */
export function consequencesOfReplacement(type: string, kept: boolean, holdsData: boolean): string {
  const known = CONSEQUENCES[type]?.replacement;
  if (kept) return `${known === undefined || holdsData ? 'The new one starts empty' : known}. The old one is kept ('UpdateReplacePolicy'), outside of the stack`;
  return known ?? (holdsData ? `The new one is empty: ${DATA.toLowerCase()} when the old one is deleted` : 'What names it is updated to the new one before the old one is deleted');
}

/** What a new revision means, in a sentence. */
export function consequencesOfRevision(type: string): string {
  return type === 'AWS::ECS::TaskDefinition'
    ? REVISION_OF_TASKS
    : 'A new revision is registered: jobs that are submitted from now on take it, those that were submitted keep theirs';
}

/** What a deletion means, in a sentence. */
export function consequencesOfDeletion(type: string, holdsData: boolean): string {
  return CONSEQUENCES[type]?.deletion ?? (holdsData ? DATA : 'What relies on it from outside of the stack finds it no more');
}

/** The types whose consequences are written down: a test holds them against the table. */
export function typesWithConsequences(): string[] {
  return Object.keys(CONSEQUENCES);
}
