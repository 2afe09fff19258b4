import type { App } from 'aws-cdk-lib/core';

/** A deployment in several phases: the same stack, declared differently from phase to phase; or several stacks, of one app or of several. */
export interface Scenario {
  /** The name of the stack that is meant where a step names no other. It is destroyed in the end. */
  readonly stack: string;
  /** The names of further stacks. The scenario destroys them itself; that nothing is left of them is checked in the end. */
  readonly otherStacks?: string[];
  /** Declares an app as it is in a phase: of several apps, the phase says which. The phase `last` is what is destroyed in the end. */
  declare(app: App, phase: string): void;
  run(steps: Steps): Promise<void>;
}

/** What a scenario can do. The runner gives it, the same for the local AWS and for an account. */
export interface Steps {
  readonly checks: {
    equal(what: string, received: unknown, expected: unknown, where: string): void;
    contains(what: string, received: string, part: string, where: string): void;
  };
  /** Deploys a stack of a phase with the CDK command line; gives the outputs of the stack. */
  deploy(phase: string, stack?: string): Promise<Record<string, string>>;
  /** Deploys a stack of a phase, which must fail; gives what the command line said. */
  deployFails(phase: string, stack?: string): Promise<string>;
  /** Destroys a stack as it is in a phase. */
  destroy(phase: string, stack?: string): Promise<void>;
  /** Where the load balancer of the outputs `ListenerArn` and `Url` answers. */
  url(outputs: Record<string, string>): Promise<string>;
  /**
   * Lets something happen on the local AWS that only time or load would bring about: starts a schedule, applies a scaling policy. In an account this is an
   * error, for nobody can make it happen there.
   */
  control(route: string, body: object): Promise<any>;
  /** Calls an operation of AWS. */
  call(service: string, operation: string, input: object): Promise<any>;
}
