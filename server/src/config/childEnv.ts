/** The environment for a child process: what it needs to run, and none of the settings, among which there are secrets. */
export const childEnv = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PARLEY_')));
