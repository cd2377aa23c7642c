// What a person sees while set-up works. Everything goes to stderr: stdout belongs to the command that follows.

const BAR_WIDTH = 24;
const PLAIN_INTERVAL_MS = 15_000;
const FRAME_INTERVAL_MS = 200;
const SOON_MS = 1_000;

/** @param {number} ms */
export function formatElapsed(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** @param {number} fraction 0 to 1 */
export function formatBar(fraction) {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}

/**
 * The count that ninja puts before each line: `[12/260] Building ...`.
 *
 * @param {string} line
 * @returns {number | undefined} 0 to 1
 */
export function readNinjaProgress(line) {
  const match = /^\[(\d+)\/(\d+)\]/.exec(line);
  return match && Number(match[2]) > 0 ? Number(match[1]) / Number(match[2]) : undefined;
}

/** One step on the screen: a line that lives on a terminal, a line now and then elsewhere. */
export class Progress {
  /** @type {number | undefined} */
  #fraction;
  #detail = '';
  #mark = '✓';
  #began = Date.now();
  // The first plain line comes soon, so that someone sees what is being waited for; a step that is quick has none.
  #nextPlain = Date.now() + SOON_MS;
  /** @type {NodeJS.Timeout} */
  #timer;

  /**
   * @param {string} name
   * @param {{ stream?: NodeJS.WriteStream, quiet?: boolean }} [options] quiet: on a terminal only, and wiped when done
   */
  constructor(name, { stream = process.stderr, quiet = false } = {}) {
    this.name = name;
    this.stream = stream;
    this.quiet = quiet;
    this.#timer = setInterval(() => this.#draw(), stream.isTTY ? FRAME_INTERVAL_MS : SOON_MS);
    this.#timer.unref();
  }

  /** @param {string} detail what is being done just now */
  detail(detail) {
    this.#detail = detail;
    this.#fraction = undefined;
    this.#draw();
  }

  /** @param {number} fraction 0 to 1 */
  fraction(fraction) {
    this.#fraction = fraction;
  }

  /** @param {string} text a line that stays */
  note(text) {
    this.#wipe();
    this.stream.write(`  ${text}\n`);
  }

  /** Something is missing that can be done without: the step ends well, but is marked. */
  warn() {
    this.#mark = '!';
  }

  /** @param {string} [outcome] */
  done(outcome = 'done') {
    this.#end(`${this.#mark} ${this.name}: ${outcome}, ${formatElapsed(Date.now() - this.#began)}`);
  }

  /** The reasons are printed by whoever catches the error. */
  failed() {
    this.#end(`✗ ${this.name}: failed after ${formatElapsed(Date.now() - this.#began)}`);
  }

  /** @param {string} line */
  #end(line) {
    clearInterval(this.#timer);
    this.#wipe();
    if (!this.quiet) this.stream.write(`${line}\n`);
  }

  #status() {
    const parts = [this.name];
    if (this.#detail) parts.push(this.#detail);
    if (this.#fraction !== undefined) parts.push(formatBar(this.#fraction));
    return `${parts.join(': ')} (${formatElapsed(Date.now() - this.#began)})`;
  }

  #draw() {
    if (this.stream.isTTY) {
      const columns = this.stream.columns || 80;
      this.stream.write(`\r\x1b[K${this.#status().slice(0, columns - 1)}`);
    } else if (!this.quiet && Date.now() >= this.#nextPlain) {
      this.#nextPlain = Date.now() + PLAIN_INTERVAL_MS;
      this.stream.write(`  ${this.#status()}\n`);
    }
  }

  #wipe() {
    if (this.stream.isTTY) this.stream.write('\r\x1b[K');
  }
}
