/** A stand-in for the clients of the SDK: what a test answers by the name of the operation, and what was asked. */
type Answer = (input: Record<string, any>, times: number) => unknown;

let answers: Record<string, Answer> = {};
let asked: { operation: string; input: Record<string, any> }[] = [];

/** Answers each operation; one that is not named fails the test. */
export function answer(by: Record<string, Answer>): void {
  answers = by;
  asked = [];
}

/** The inputs of an operation, in the order in which it was asked. */
export function inputsOf(operation: string): Record<string, any>[] {
  return asked.filter((one) => one.operation === operation).map(({ input }) => input);
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

class Client {
  public async send({ operation, input }: { operation: string; input: Record<string, any> }): Promise<unknown> {
    asked.push({ operation, input });
    if (answers[operation] === undefined) throw new Error(`the test answers no ${operation}`);
    return answers[operation](input, inputsOf(operation).length);
  }
}

/** What `@aws-sdk/client-*` exports: clients, and a command for each operation. */
export const module = new Proxy({}, {
  get: (_target, name) => {
    const operation = String(name).replace(/Command$/, '');
    if (operation === name) return String(name).endsWith('Client') ? Client : undefined;
    return class {
      public readonly operation = operation;
      constructor(public readonly input: Record<string, any>) {
      }
    };
  },
});
