/** Values of one minute by metric id; undefined: CloudWatch has none. */
export type Values = Record<string, number | undefined>;

/**
 * Works out a CloudWatch metric math expression for one minute: numbers, metric ids, `+ - * /`, comparisons, `IF`, `FILL` and `MAX` of a list.
 *
 * A missing operand makes the result missing, a division by zero too; a comparison is 1 or 0. Anything else throws.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluate(expression: string, values: Values): number | undefined {
  const tokens = expression.match(/\d+(\.\d+)?|[a-zA-Z_][a-zA-Z0-9_]*|[-+*/(),[\]]|[<>]=?|==/g) ?? [];
  if (tokens.join('') !== expression.replace(/\s+/g, '')) throw new Error(`cannot read all of ${expression}`);
  let position = 0;
  const peek = () => tokens[position];
  const take = (expected?: string) => {
    const token = tokens[position++];
    if (token === undefined || (expected !== undefined && token !== expected)) throw new Error(`expected ${expected ?? 'more'} in ${expression}`);
    return token;
  };

  const binary = (operators: string[], operand: () => number | undefined, apply: (operator: string, a: number, b: number) => number | undefined) => {
    let left = operand();
    while (operators.includes(peek())) {
      const operator = take();
      const right = operand();
      left = left === undefined || right === undefined ? undefined : apply(operator, left, right);
    }
    return left;
  };
  const comparison = (): number | undefined => binary(['>', '<', '>=', '<=', '=='], sum, (operator, a, b) => Number(
    { '>': a > b, '<': a < b, '>=': a >= b, '<=': a <= b, '==': a === b }[operator],
  ));
  const sum = (): number | undefined => binary(['+', '-'], product, (operator, a, b) => operator === '+' ? a + b : a - b);
  const product = (): number | undefined => binary(['*', '/'], factor, (operator, a, b) => operator === '*' ? a * b : b === 0 ? undefined : a / b);
  const list = (): (number | undefined)[] => {
    const items = [comparison()];
    while (peek() === ',') {
      take(',');
      items.push(comparison());
    }
    return items;
  };
  const call = (name: string): number | undefined => {
    take('(');
    const isList = peek() === '[';
    if (isList) take('[');
    const args = list();
    if (isList) take(']');
    take(')');
    if (name === 'MAX' && isList) return args.includes(undefined) ? undefined : Math.max(...args as number[]);
    if (name === 'IF' && args.length === 3) return args[0] === undefined ? undefined : args[0] === 0 ? args[2] : args[1];
    if (name === 'FILL' && args.length === 2) return args[0] ?? args[1];
    throw new Error(`${name} with ${args.length} arguments is not modelled`);
  };
  const factor = (): number | undefined => {
    const token = take();
    if (token === '(') {
      const value = comparison();
      take(')');
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    if (peek() === '(') return call(token);
    if (!(token in values)) throw new Error(`${token} is no metric of ${expression}`);
    return values[token];
  };

  const result = comparison();
  if (position !== tokens.length) throw new Error(`cannot read ${tokens.slice(position).join(' ')} in ${expression}`);
  return result;
}
