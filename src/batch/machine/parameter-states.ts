import { anyOf, type Rule, type States } from './flow-job';

/** A parameter, as the states that check it need it. */
export interface FlowParameter {
  readonly name: string;
  /** Undefined: it must be given. */
  readonly defaultValue?: unknown;
  /** Hold for a value at a path that is allowed. */
  readonly allowed: (path: string) => Rule;
  /** What is allowed, in words. */
  readonly allowedText: string;
}

/** Under this key the states hand on the parameters, all of them, once they are checked. */
export const PARAMETERS_PATH = '$.parameters';

/** The name of the first of the states. */
export const PARAMETERS_START = 'Read the input';

const CHECKED = 'Are the parameters valid?';
const NO_OBJECT = 'The input is no object';
const UNKNOWN = 'A parameter is unknown';
const MERGE = 'Merge the defaults';

/** What causes are made of. */
const KEPT = { 'given.$': '$.given', 'texts.$': '$.texts' };

/** Where they lead to, and whether an input may come as the only element of a list, as messages of a queue do. */
interface ParameterPlace {
  readonly next: string;
  readonly takesMessages: boolean;
}

/**
 * The states that read the input of an execution, put defaults where it says nothing, and fail the execution where it says what is not allowed.
 *
 * A Choice cannot tell a key that nobody declared; but with all declared ones in it, what has more values than there are parameters has such a key. A redrive enters
 * a Fail state again: an execution that failed here stays failed. Plain JSONPath; no CDK in here.
 */
export function parameterStates(parameters: FlowParameter[], { next, takesMessages }: ParameterPlace): States {
  const defaults = Object.fromEntries(parameters.filter((each) => each.defaultValue !== undefined).map((each) => [each.name, each.defaultValue]));
  return {
    [PARAMETERS_START]: {
      Type: 'Pass',
      Parameters: { 'defaults': defaults, 'texts': texts(parameters), 'given.$': '$$.Execution.Input' },
      Next: takesMessages ? 'Is the input a message?' : 'Is the input an object?',
    },
    ...takesMessages ? messageStates() : {},
    'Is the input an object?': { Type: 'Choice', Choices: [{ ...isNoObject('$.given'), Next: NO_OBJECT }], Default: MERGE },
    [MERGE]: {
      Type: 'Pass',
      Parameters: { ...KEPT, 'parameters.$': 'States.JsonMerge($.defaults, $.given, false)' },
      Next: 'List the parameters',
    },
    'List the parameters': {
      Type: 'Pass',
      Parameters: { ...KEPT, 'parameters.$': PARAMETERS_PATH, 'values.$': `${PARAMETERS_PATH}.*` },
      Next: CHECKED,
    },
    [CHECKED]: { Type: 'Choice', Choices: rules(parameters), Default: next },
    ...failStates(parameters),
  };
}

/** EventBridge Pipes hands on a list, also of one message. */
function messageStates(): States {
  return {
    'Is the input a message?': {
      Type: 'Choice',
      Choices: [{ And: [{ Variable: '$.given[0]', IsPresent: true }, { Not: { Variable: '$.given[1]', IsPresent: true } }], Next: 'Take the message' }],
      Default: 'Is the input an object?',
    },
    'Take the message': { Type: 'Pass', InputPath: '$.given[0]', ResultPath: '$.given', Next: 'Is the input an object?' },
  };
}

/** A Choice knows all types but lists and objects. Of a list, it can tell that there is a first element. */
function isNoObject(path: string): Rule {
  return anyOf([
    ...['IsString', 'IsNumeric', 'IsBoolean', 'IsNull'].map((type) => ({ Variable: path, [type]: true })),
    { Variable: `${path}[0]`, IsPresent: true },
  ]);
}

/** What is missing comes first: no rule may be about a value that is not there. */
function rules(parameters: FlowParameter[]): object[] {
  const path = (name: string) => `${PARAMETERS_PATH}.${name}`;
  return [
    ...required(parameters).map(({ name }) => ({
      Not: { Variable: path(name), IsPresent: true }, Next: missing(name),
    })),
    ...parameters.map(({ name, allowed }) => ({ Not: allowed(path(name)), Next: wrong(name) })),
    { Variable: `$.values[${parameters.length}]`, IsPresent: true, Next: UNKNOWN },
  ];
}

/** The beginnings of all causes: what was received follows. They are values of their own, since functions have no room for every character. */
function texts(parameters: FlowParameter[]): Record<string, string | Record<string, string>> {
  const all = parameters.map(({ name, defaultValue }) => (defaultValue === undefined ? `${name} (to be given)` : name)).join(', ');
  return {
    noObject: `the input must be a JSON object of the parameters ${all}, got `,
    unknown: `the input must have no keys but the parameters ${all}, got `,
    missing: Object.fromEntries(required(parameters).map(({ name, allowedText }) => [name, `parameter "${name}" must be given, ${allowedText}, got none in `])),
    wrong: Object.fromEntries(parameters.map(({ name, allowedText }) => [name, `parameter "${name}" must be ${allowedText}, got `])),
  };
}

function failStates(parameters: FlowParameter[]): States {
  const fail = (text: string, path: string) => ({
    Type: 'Fail', Error: 'InvalidInput', CausePath: `States.Format('{}{}', $.texts.${text}, States.JsonToString(${path}))`,
  });
  return {
    [NO_OBJECT]: fail('noObject', '$.given'),
    ...Object.fromEntries(required(parameters).map(({ name }) => [missing(name), fail(`missing.${name}`, '$.given')])),
    ...Object.fromEntries(parameters.map(({ name }) => [wrong(name), fail(`wrong.${name}`, `${PARAMETERS_PATH}.${name}`)])),
    [UNKNOWN]: fail('unknown', '$.given'),
  };
}

function required(parameters: FlowParameter[]): FlowParameter[] {
  return parameters.filter(({ defaultValue }) => defaultValue === undefined);
}

function missing(name: string): string {
  return `Parameter ${name} is missing`;
}

function wrong(name: string): string {
  return `Parameter ${name} is wrong`;
}
