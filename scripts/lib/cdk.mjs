import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_MODULES } from './paths.mjs';
import { runOrFail } from './processes.mjs';

const CLI = join(NODE_MODULES, 'aws-cdk', 'bin', 'cdk');

/** A line of `cdk deploy`: `Shop |  3/68 | 10:15:30 | CREATE_COMPLETE | AWS::EC2::VPC | Platform/Vpc`. */
const EVENT = /\|\s*(\d+)\/(\d+)\s*\|[^|]*\|\s*(\w+)\s*\|/;

/**
 * The CDK command line, unmodified, on one assembly and one target.
 */
export class Cdk {
  /**
   * @param {object} options
   * @param {string} options.app the folder with the app's cdk.json
   * @param {string} options.assembly where the synthesized app goes
   * @param {string} options.logs the folder for the output of each command
   * @param {import('./target.mjs').Target} options.target
   * @param {boolean} [options.verbose] also show the output
   */
  constructor({ app, assembly, logs, target, verbose = false }) {
    Object.assign(this, { app, assembly, logs, target, verbose });
  }

  /** @param {Record<string, string>} context */
  async synth(context) {
    const values = Object.entries(context).flatMap(([name, value]) => ['--context', `${name}=${value}`]);
    await this.run('synth', ['--quiet', '--output', this.assembly, ...values]);
  }

  /**
   * Makes the bucket, the repository and the roles that the CDK deploys with, unless the account has them: what a real
   * account has is its owner's and stays as it is.
   *
   * @param {import('./clients.mjs').Aws} aws
   * @returns {Promise<'made' | 'there already'>}
   */
  async bootstrap(aws) {
    if (await stackStatus(aws, 'CDKToolkit') !== undefined) return 'there already';
    await this.run('bootstrap', [`aws://${this.target.account}/${this.target.region}`, '--app', this.assembly]);
    return 'made';
  }

  /**
   * Deploys and returns the stack's outputs.
   *
   * @param {string} stack
   * @param {(news: string) => void} tell
   * @returns {Promise<Record<string, string>>}
   */
  async deploy(stack, tell) {
    const outputs = join(this.logs, 'outputs.json');
    await this.run('deploy', [stack, '--app', this.assembly, '--require-approval', 'never', '--progress', 'events', '--outputs-file', outputs], tell);
    return JSON.parse(readFileSync(outputs, 'utf8'))[stack];
  }

  /**
   * @param {string} stack
   * @param {(news: string) => void} tell
   */
  async destroy(stack, tell) {
    await this.run('destroy', [stack, '--app', this.assembly, '--force'], tell);
  }

  async run(command, args, tell = () => {}) {
    await runOrFail(`cdk ${command} failed`, process.execPath, [CLI, command, '--no-notices', ...args], {
      cwd: this.app,
      env: this.target.env,
      log: join(this.logs, `cdk-${command}.log`),
      timeoutMs: 45 * 60_000,
      onLine: (line) => {
        if (this.verbose) console.log(`    ${line}`);
        const event = EVENT.exec(line);
        if (event !== null) tell(`${event[1]} of ${event[2]} resources`);
      },
    });
  }
}

/**
 * The status of a stack; undefined if there is none.
 *
 * @param {import('./clients.mjs').Aws} aws
 * @param {string} name
 * @returns {Promise<string | undefined>}
 */
export async function stackStatus(aws, name) {
  try {
    const { Stacks } = await aws.call('cloudformation', 'DescribeStacks', { StackName: name });
    return Stacks[0].StackStatus;
  } catch (error) {
    if (error.name === 'ValidationError' && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}
