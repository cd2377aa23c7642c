import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { PrivateFileError, readPrivateFile, writePrivateFile } from '../../auth/privateFile.ts';
import { isKey } from '../../config/sipProblems.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MARK = 'sealed1:';

/**
 * Encrypts what phones keep secret and have to show again: passwords of trunks, PINs of rooms (AES-256-GCM). What is sealed for
 * one purpose cannot be opened for another. Marks of PINs are keyed, too: whoever has the database alone cannot try them all.
 */
export class PhoneVault {
  readonly #sealing: Buffer;
  readonly #marking: Buffer;

  /** `key`: 32 bytes in base64. */
  constructor(key: string) {
    const secret = Buffer.from(key, 'base64');
    this.#sealing = derive(secret, 'parley phones sealing');
    this.#marking = derive(secret, 'parley phones marking');
  }

  /** With the key of the configuration, or that of `phones.key`, which is made when there is none. Throws PrivateFileError. */
  static open({ dataDir, sip }: { dataDir: string; sip: { key: string } }): PhoneVault {
    return new PhoneVault(sip.key === '' ? keptKey(join(dataDir, 'phones.key')) : sip.key);
  }

  seal(text: string, purpose: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, iv).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return MARK + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Nothing where it was sealed with another key or for another purpose. */
  unseal(sealed: string, purpose: string): string | undefined {
    if (!sealed.startsWith(MARK)) return undefined;
    const bytes = Buffer.from(sealed.slice(MARK.length), 'base64');
    if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#sealing, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return (
        decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      return undefined;
    }
  }

  /** The same for the same text, and nothing can be told from it without the key. */
  mark(text: string): string {
    return createHmac('sha256', this.#marking).update(text).digest('base64url');
  }
}

const derive = (secret: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES));

function keptKey(path: string): string {
  const kept = readPrivateFile(path);
  if (kept !== undefined) return checked(kept.trim(), path);
  const made = randomBytes(KEY_BYTES).toString('base64');
  if (writePrivateFile(path, `${made}\n`, { exclusive: true })) return made;
  return checked(readPrivateFile(path)?.trim() ?? '', path);
}

function checked(key: string, path: string): string {
  if (isKey(key)) return key;
  throw new PrivateFileError(
    `${path} holds no key: ${KEY_BYTES} bytes in base64 are needed. Put it back from a backup; or move it away to have ` +
      'another made, and enter the passwords of trunks that were made by REST anew.',
  );
}
