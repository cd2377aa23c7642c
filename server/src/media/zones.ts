/** The zone of everybody who is not in a breakout room. */
export const MAIN_ZONE = 'main';
