// The one line in which a test run ends.

/**
 * The parts of vitest's JSON report (jest's format) that are counted.
 *
 * @typedef {{ assertionResults?: unknown[], status?: string, name?: string }} FileResult
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} [numPendingTests]
 * @property {number} [numTodoTests]
 * @property {boolean} [success]
 * @property {FileResult[]} [testResults]
 */

/**
 * A file that cannot even be loaded has no tests to fail; it counts as one failure.
 *
 * @param {Report | undefined} report nothing when the run ended without one, which counts as one failure
 */
export function countResults(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const broken = (report.testResults ?? []).filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults?.length,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/** @param {ReturnType<typeof countResults>} counts */
export const summaryLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * A run in which nothing ran has shown nothing. An error outside of any test shows only in vitest's own exit code.
 *
 * @param {ReturnType<typeof countResults>} counts
 * @param {number} vitestCode
 */
export function exitCodeFor({ passed, failed }, vitestCode) {
  if (failed > 0 || passed === 0) return vitestCode || 1;
  return vitestCode;
}
