import * as fs from 'fs';
import * as path from 'path';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { ClusterProfile } from '../../src';
import { defaultsOf, ProfileDefaults } from '../../src/private/profile-defaults';

/** docs/profiles.md is the one table of what profiles decide: this compares it with what they decide. */
const PAGE = fs.readFileSync(path.join(__dirname, '../../docs/profiles.md'), 'utf8');

const onOff = (value: boolean) => value ? 'on' : 'off';

/** The rows that show a default, and how a value begins there. */
const SHOWN: Record<keyof ProfileDefaults, [string[], (defaults: ProfileDefaults) => string]> = {
  natGateways: [['NAT gateways of a new VPC'], ({ natGateways }) => natGateways === undefined ? 'one a zone (2)' : String(natGateways)],
  containerInsights: [['Container Insights'], ({ containerInsights }) => ({ enhanced: 'enhanced', enabled: 'on', disabled: 'off' })[containerInsights]],
  minTasks: [['Tasks'], ({ minTasks, maxTasks }) => `${minTasks} to ${maxTasks}`],
  maxTasks: [['Tasks'], ({ minTasks, maxTasks }) => `${minTasks} to ${maxTasks}`],
  minWorkerTasks: [['Tasks of a worker'], ({ minWorkerTasks, maxTasks }) => `${minWorkerTasks} to ${maxTasks}`],
  spot: [['Capacity of a service', 'Capacity of tasks run by hand'], ({ spot }) => spot ? 'Fargate Spot' : 'Fargate on demand'],
  logRetention: [['Log retention'], ({ logRetention }) => `${logRetention} days`],
  alarms: [['Alarms'], ({ alarms }) => alarms ? 'on' : 'none'],
  dashboard: [['Dashboard of the cluster'], ({ dashboard }) => dashboard ? 'one' : 'none'],
  deletionProtection: [['Load balancer deletion protection'], ({ deletionProtection }) => onOff(deletionProtection)],
  removalPolicy: [['Log groups, log bucket, queues of workers, key of Exec sessions on deletion'], ({ removalPolicy }) => removalPolicy === RemovalPolicy.RETAIN ? 'kept' : 'deleted'],
};

function rows(): Map<string, string[]> {
  const lines = [...PAGE.matchAll(/^\| (?!\|)(.+) \|$/gm)].map(([, line]) => line.split(' | '));
  return new Map(lines.map(([title, ...cells]) => [title, cells]));
}

describe('docs/profiles.md', () => {
  test('has a row for everything that a profile decides, and no other row', () => {
    const decided = new Set([ClusterProfile.PRODUCTION, ClusterProfile.DEVELOPMENT].flatMap((profile) => Object.keys(defaultsOf(profile))));
    expect(Object.keys(SHOWN).sort()).toEqual([...decided].sort());
    expect([...rows().keys()].sort()).toEqual([...new Set(Object.values(SHOWN).flatMap(([titles]) => titles))].sort());
  });

  test.each(Object.entries(SHOWN))('says what each profile decides: %s', (_name, [titles, show]) => {
    for (const title of titles) {
      const [production, development] = rows().get(title) ?? [];
      expect(production?.startsWith(show(defaultsOf(ClusterProfile.PRODUCTION)))).toBe(true);
      expect(development?.startsWith(show(defaultsOf(ClusterProfile.DEVELOPMENT)))).toBe(true);
    }
  });
});
