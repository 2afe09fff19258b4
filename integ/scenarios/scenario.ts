import type { App } from 'aws-cdk-lib/core';

/** A deployment in several phases: the same stack, declared differently from phase to phase. */
export interface Scenario {
  /** The name of the one stack. */
  readonly stack: string;
  /** Declares the application as it is in a phase. The phase `last` is what is destroyed in the end. */
  declare(app: App, phase: string): void;
  run(steps: Steps): Promise<void>;
}

/** What a scenario can do. The runner gives it, the same for the local AWS and for an account. */
export interface Steps {
  readonly checks: {
    equal(what: string, received: unknown, expected: unknown, where: string): void;
    contains(what: string, received: string, part: string, where: string): void;
  };
  /** Deploys a phase with the CDK command line; gives the outputs of the stack. */
  deploy(phase: string): Promise<Record<string, string>>;
  /** Deploys a phase that must fail; gives what the command line said. */
  deployFails(phase: string): Promise<string>;
  /** Where the load balancer of the outputs `ListenerArn` and `Url` answers. */
  url(outputs: Record<string, string>): Promise<string>;
  /** Calls an operation of AWS. */
  call(service: string, operation: string, input: object): Promise<any>;
}
