import ipaddr from 'ipaddr.js';

type Block = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Addresses and blocks of them, such as `192.0.2.7` and `2001:db8::/32`. */
export class AddressList {
  readonly #blocks: readonly Block[];

  /** Throws an Error that names what is neither address nor block. */
  constructor(texts: readonly string[]) {
    this.#blocks = texts.map(parseBlock);
  }

  /** IPv4 may come as IPv6 writes it. What is no address is not in it. */
  has(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const one = ipaddr.process(address);
    return this.#blocks.some(([block, bits]) => block.kind() === one.kind() && one.match(block, bits));
  }
}

function parseBlock(text: string): Block {
  const [address = '', bits, ...rest] = text.split('/');
  if (rest.length > 0 || !ipaddr.isValid(address))
    throw new Error(`${text} is neither an address nor a block.`);
  const block = ipaddr.process(address);
  const most = block.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? most : Number(bits);
  if (!/^\d+$/.test(bits ?? '0') || length > most)
    throw new Error(`${text} is neither an address nor a block.`);
  return [block, length];
}
