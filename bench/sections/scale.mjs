import { runProgram } from '../lib/lane.mjs';
import { format, table } from '../lib/section.mjs';

const NUMBERS = [10, 100, 1000];

const CLOUDFORMATION = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';
const LOAD_BALANCING = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';
const VPC = 'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const CLOUDWATCH = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html';
const SCALING = 'https://docs.aws.amazon.com/general/latest/gr/as-app.html';

/** Quotas without which an application is not deployed, as they are for a new account. */
const QUOTAS = [
  ['Resources in a stack', 'largestStack', 500, 'no', CLOUDFORMATION],
  ['KiB of a template', 'largestTemplate', 1024, 'no', CLOUDFORMATION],
  ['Stacks in a Region', 'stacks', 2000, 'yes', CLOUDFORMATION],
  ['Application Load Balancers in a Region', 'loadBalancers', 50, 'yes', LOAD_BALANCING],
  ['Rules of a load balancer', 'rulesOfLoadBalancer', 100, 'yes', LOAD_BALANCING],
  ['Target groups in a Region', 'targetGroups', 3000, 'yes', LOAD_BALANCING],
  ['Security groups in a Region', 'securityGroups', 2500, 'yes', VPC],
  ['Rules of a security group', 'rulesOfSecurityGroup', 60, 'yes', VPC],
  ['Roles in an account', 'roles', 1000, 'yes', IAM],
  ['Alarms in a Region', 'alarms', 5000, 'yes', CLOUDWATCH],
  ['Services that scale, in a Region', 'scalableTargets', 3000, 'yes', SCALING],
];

const BATCH = 'https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html';
const PIPELINES = 200;

/** Of pipelines on compute that they share. */
const PIPELINE_QUOTAS = [
  ['Resources in a stack', 'largestStack', 500, 'no', CLOUDFORMATION],
  ['Stacks in a Region', 'stacks', 2000, 'yes', CLOUDFORMATION],
  ['Job queues in a Region', 'queues', 50, 'no', BATCH],
  ['Compute environments in a Region', 'environments', 50, 'no', BATCH],
  ['Roles in an account', 'roles', 1000, 'yes', IAM],
];

/** @type {import('../lib/section.mjs').Section} */
export const SCALE = {
  title: 'Laid out for scale',
  async measure() {
    const used = Object.fromEntries(await Promise.all(NUMBERS.map(async (number) => [number, await runProgram(['scale.cjs', number])])));
    const pipelines = await runProgram(['many-pipelines.cjs', PIPELINES]);
    const show = (value, quota) => (value > quota ? `**${format(value, 0)}**` : format(value, 0));
    const rows = QUOTAS.map(([label, figure, quota, isAdjustable, source]) => [
      label, ...NUMBERS.map((number) => show(used[number][figure], quota)), quota, isAdjustable, `<${source}>`,
    ]);
    const pipelineRows = PIPELINE_QUOTAS.map(([label, figure, quota, isAdjustable, source]) => [label, show(pipelines[figure], quota), quota, isAdjustable, `<${source}>`]);
    const largest = used[NUMBERS.at(-1)];
    return {
      markdown: 'What applications use of the quotas of a new account that are laid out as [Scaling](scaling.md) says, synthesised with all defaults of production. What is above the quota must be asked for.\n\n'
        + table(['', ...NUMBERS.map((number) => `${number.toLocaleString('en')} services`), 'Quota', 'Adjustable', 'Source'], rows)
        + `\n\n${PIPELINES} pipelines of five jobs on one \`BatchCompute\`, 25 in a stack:\n\n`
        + table(['', `${PIPELINES} pipelines`, 'Quota', 'Adjustable', 'Source'], pipelineRows),
      targets: [
        { what: '1,000 services, resources of the largest stack', value: largest.largestStack, limit: 400, digits: 0 },
        { what: '1,000 services, rules of a load balancer', value: largest.rulesOfLoadBalancer, limit: 80, digits: 0 },
        { what: '200 pipelines on shared compute, job queues', value: pipelines.queues, limit: 50, digits: 0 },
      ],
    };
  },
};
