/** Gives a function that does the task once, when what goes on now is done, however often it was called until then. */
export function together(task: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      task();
    });
  };
}
