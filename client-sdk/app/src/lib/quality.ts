/** How well media arrived, in a word. */

export type Grade = 'good' | 'fair' | 'poor';

/** `quality` is the mean score of the media worker, 0 (lost) to 10 (perfect). */
export function qualityGrade(quality: number): { grade: Grade; words: string } {
  if (quality >= 9) return { grade: 'good', words: 'Very good' };
  if (quality >= 7.5) return { grade: 'good', words: 'Good' };
  if (quality >= 5) return { grade: 'fair', words: 'Fair' };
  return { grade: 'poor', words: 'Poor' };
}
