/**
 * Where the focus is, and the caret in a field. Gives what puts both back there: Chromium gives back the focus as a dialog closes,
 * but not always the caret, and without one a field takes no text.
 */
export function keptFocus(): () => void {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return () => undefined;
  const field =
    activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement
      ? activeElement
      : null;
  const [start, end] = [field?.selectionStart ?? null, field?.selectionEnd ?? null];
  return () => {
    if (!activeElement.isConnected) return;
    activeElement.blur();
    activeElement.focus();
    // Fields for addresses of mail and the like have no caret that could be asked for.
    if (start !== null) field?.setSelectionRange(start, end);
  };
}
