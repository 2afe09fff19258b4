const STYLES = { green: 32, red: 31, yellow: 33, bold: 1, dim: 2 };

/** How often the line of a step that is under way is drawn again on a terminal. */
const REDRAW_MS = 200;

/** How often news of a step are written where there is no terminal: a log shall show life, not every change. */
const LOG_MS = 5_000;

/**
 * Shows what is going on: one line for each step, which on a terminal is drawn while the step runs.
 */
export class Progress {
  /** @param {NodeJS.WriteStream} [stream] */
  constructor(stream = process.stdout) {
    this.stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.hasColours = this.isTerminal && process.env.NO_COLOR === undefined;
  }

  /** @param {string} text */
  line(text = '') {
    this.stream.write(`${text}\n`);
  }

  /** @param {string} text */
  heading(text) {
    this.line();
    this.line(this.style('bold', text));
  }

  /**
   * Runs one step and shows its name, what it is at, how it ended and how long it took.
   *
   * @template T
   * @param {string} name
   * @param {(tell: (news: string) => void) => Promise<T>} work `tell` shows what the step is at
   * @param {(result: T) => string | undefined} [summary] what to show of the result
   * @returns {Promise<T>}
   */
  async step(name, work, summary = () => undefined) {
    const started = Date.now();
    let news = '';
    let told = started;
    const draw = () => this.stream.write(`\r\x1b[2K${`  … ${name}  ${news}  ${seconds(started)}`.slice(0, this.stream.columns ?? 80)}`);
    const timer = this.isTerminal ? setInterval(draw, REDRAW_MS) : undefined;
    const tell = (text) => {
      if (text !== news && !this.isTerminal && Date.now() - told >= LOG_MS) {
        told = Date.now();
        this.line(`    ${name}: ${text}`);
      }
      news = text;
    };
    let mark = this.style('red', '✗');
    let result;
    try {
      result = await work(tell);
      mark = this.style('green', '✓');
      return result;
    } finally {
      clearInterval(timer);
      const said = result === undefined ? undefined : summary(result);
      this.line(`${this.isTerminal ? '\r\x1b[2K' : ''}  ${mark} ${name}${said ? `: ${said}` : ''} ${this.style('dim', `(${seconds(started)})`)}`);
    }
  }

  /**
   * @param {keyof typeof STYLES} style
   * @param {string} text
   */
  style(style, text) {
    return this.hasColours ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
  }
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
