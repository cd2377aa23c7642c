// What a person sees when a step fails: what was tried, in order, and what to do next.
import { existsSync } from 'node:fs';

/** @typedef {{ way: string, outcome: string }} Attempt */

export class SetupError extends Error {
  /**
   * @param {string} what what could not be had
   * @param {{ attempts?: Attempt[], advice?: string[], log?: string | undefined }} [details]
   */
  constructor(what, { attempts = [], advice = [], log } = {}) {
    super(what);
    this.name = 'SetupError';
    this.attempts = attempts;
    this.advice = advice;
    this.log = log;
  }
}

/**
 * @param {string} step
 * @param {unknown} error
 * @returns {string} several lines
 */
export function failureText(step, error) {
  if (!(error instanceof SetupError)) {
    return `Set-up stopped at "${step}": ${error instanceof Error ? error.stack : String(error)}`;
  }
  const lines = [`Set-up stopped at "${step}": ${error.message}`];
  if (error.attempts.length > 0) lines.push('', 'Tried, in this order:');
  error.attempts.forEach(({ way, outcome }, index) => lines.push(`  ${index + 1}. ${way}: ${outcome}`));
  if (error.advice.length > 0) lines.push('', 'What to do next:');
  for (const advice of error.advice) lines.push(`  - ${advice}`);
  // A step may fail before anything was logged.
  if (error.log && existsSync(error.log)) lines.push('', `Full log: ${error.log}`);
  return lines.join('\n');
}
