import * as fs from 'fs';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import type { Stack } from 'aws-cdk-lib/core';
import { Control, MET, NOT_MET, ON_WISH, Resource } from './security-hub';
import {
  ClusterCapacity, ClusterIngress, EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, EfsVolume, FargateCluster, FargateClusterProps,
  IngressWaf, ServiceProtocol, ServiceRoute,
} from '../../src';
import { createStack, IMAGE } from '../util/fixtures';

/** One of each that a control looks at. */
function everything(props: (stack: Stack) => FargateClusterProps): Resource[] {
  const stack = createStack();
  const cluster = new FargateCluster(stack, 'Platform', props(stack));
  const certificates = [acm.Certificate.fromCertificateArn(stack, 'Own', 'arn:aws:acm:us-east-1:123456789012:certificate/2')];
  const web = new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing()] });
  web.enableExec();
  const fileSystem = efs.FileSystem.fromFileSystemAttributes(stack, 'Files', {
    fileSystemId: 'fs-1', securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'FilesGroup', 'sg-1'),
  });
  web.addExtension('Uploads', new EfsVolume({ fileSystem, path: '/uploads' }));
  const routes = [ServiceRoute.tls({ port: 8883, internetFacing: true, certificates })];
  new EcsMicroservice(stack, 'Broker', { cluster, image: IMAGE, protocol: ServiceProtocol.tcp(), routes });
  cluster.addCapacity('Instances', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7i.large')], max: 2 }));
  new EcsQueueWorker(stack, 'Worker', { cluster, image: IMAGE });
  new EcsTask(stack, 'Task', { cluster, image: IMAGE, retries: 1 });
  new EcsBatchPipeline(stack, 'Pipeline', { cluster }).addJob('Job', { image: IMAGE });
  const { Resources } = Template.fromStack(stack).toJSON();
  return Object.entries<any>(Resources).map(([id, { Type, Properties }]) => ({ id, type: Type, properties: Properties ?? {} }));
}

function failing({ type, fails }: Control, resources: Resource[]): string[] {
  const judged = resources.filter((resource) => resource.type === type);
  expect(judged.length).toBeGreaterThan(0); // a control that looks at nothing says nothing
  return judged.filter(({ properties }) => fails(properties, resources)).map(({ id }) => id);
}

const byDefault = everything(() => ({}));

test.each(MET)('$id is met by default', (control) => {
  expect(failing(control, byDefault)).toEqual([]);
});

test.each(ON_WISH)('$id is met where it is asked for, and only there', (control) => {
  expect(failing(control, byDefault)).not.toEqual([]);
  const asked = everything((stack) => ({
    ingress: ClusterIngress.publicAlb({
      certificates: [acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/1')], waf: IngressWaf.managedRules(),
    }),
  }));
  expect(failing(control, asked)).toEqual([]);
});

test.each(NOT_MET)('$id is not met, as docs/security.md says', (control) => {
  expect(failing(control, byDefault)).not.toEqual([]);
});

test('docs/security.md says of each control what is done', () => {
  const page = fs.readFileSync(path.join(__dirname, '../../docs/security.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (\w+\.\d+) \|[^|]*\| ([a-z ]+) \|/gm)].map(([, id, state]) => `${id} ${state.trim()}`);
  const tested = [...MET.map(({ id }) => `${id} yes`), ...ON_WISH.map(({ id }) => `${id} on wish`), ...NOT_MET.map(({ id }) => `${id} no`)];
  expect(rows.filter((row) => !row.endsWith(' not ours')).sort()).toEqual(tested.sort());
});
