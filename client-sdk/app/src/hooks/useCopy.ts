import { useEffect, useState } from 'react';

/** Copies text; `copied` is true for a moment afterwards. */
export function useCopy(): { copied: boolean; copy: (text: string) => Promise<boolean> } {
  const [copiedAt, setCopiedAt] = useState(0);
  useEffect(() => {
    if (copiedAt === 0) return undefined;
    const timer = setTimeout(() => setCopiedAt(0), 2500);
    return () => clearTimeout(timer);
  }, [copiedAt]);
  const copy = async (text: string) => {
    const done = await copyText(text);
    if (done) setCopiedAt(Date.now());
    return done;
  };
  return { copied: copiedAt !== 0, copy };
}

/** The clipboard is for https pages only; elsewhere a hidden field is selected and copied the old way. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  const parent = document.querySelector('dialog[open]') ?? document.body;
  parent.append(field);
  field.select();
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way on pages that are not secure
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
  }
}
