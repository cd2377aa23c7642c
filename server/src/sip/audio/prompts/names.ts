import { PROMPTS, LANGUAGES } from '@parley/protocol/phoneProcess';

/** Of no language. */
export const HOLD_MUSIC = 'music';

/** Everything that phones are told, by the name of its file; digits are for numbers that are read out. */
export const SPOKEN = [
  ...PROMPTS.filter((name) => name !== HOLD_MUSIC),
  ...(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const),
] as const;

export const PROMPT_LANGUAGES = LANGUAGES;
