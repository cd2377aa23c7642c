/** Waits `ms`, or until what `listen` listens for happens. `listen` gives a function that stops listening. */
export async function waitUnless(ms: number, listen: (cut: () => void) => () => void): Promise<void> {
  if (ms <= 0) return;
  let stop: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    stop = listen(resolve);
  });
  clearTimeout(timer);
  stop();
}
