/** The emojis that are offered; the server takes any. */
export const REACTIONS = [
  { emoji: '👍', name: 'Yes' },
  { emoji: '👏', name: 'Applause' },
  { emoji: '❤️', name: 'Love' },
  { emoji: '😂', name: 'Funny' },
  { emoji: '😮', name: 'Surprising' },
  { emoji: '🎉', name: 'Celebrate' },
] as const;
