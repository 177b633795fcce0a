/** Texts in the encodings of Chinese offices, which the platform itself only decodes. Only tests use it. */

/** With the mark at the beginning, low or high byte first. */
export function toUtf16(text: string, order: 'le' | 'be'): Uint8Array {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, order === 'le');
  for (let at = 0; at < text.length; at += 1) view.setUint16(2 + at * 2, text.charCodeAt(at), order === 'le');
  return bytes;
}

let signsOfGb18030: Map<string, number[]> | undefined;

/** The platform only decodes GB18030, so its table is turned around: two bytes for common signs, four for the rest. */
export function toGb18030(text: string): Uint8Array {
  signsOfGb18030 ??= invertGb18030();
  const bytes: number[] = [];
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    bytes.push(...(code < 0x80 ? [code] : (signsOfGb18030.get(sign) ?? beyondTheBasicPlane(code))));
  }
  return Uint8Array.from(bytes);
}

/** Signs outside the basic plane follow each other under the leads 90 to E3. */
function beyondTheBasicPlane(code: number): number[] {
  const at = code - 0x10000;
  if (at < 0) return [0x3f];
  return [
    0x90 + Math.floor(at / 12600),
    0x30 + (Math.floor(at / 1260) % 10),
    0x81 + (Math.floor(at / 10) % 126),
    0x30 + (at % 10),
  ];
}

function invertGb18030(): Map<string, number[]> {
  const decoder = new TextDecoder('gb18030');
  const signs = new Map<string, number[]>();
  const note = (bytes: number[]) => {
    const sign = decoder.decode(Uint8Array.from(bytes));
    if ([...sign].length === 1 && sign !== '\ufffd' && !signs.has(sign)) signs.set(sign, bytes);
  };
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  for (const lead of range(0x81, 0xfe)) for (const trail of range(0x40, 0xfe)) if (trail !== 0x7f) note([lead, trail]);
  // The four-byte part of the basic plane lies under the leads 81 to 84.
  for (const first of range(0x81, 0x84)) {
    for (const second of range(0x30, 0x39)) {
      for (const third of range(0x81, 0xfe))
        for (const fourth of range(0x30, 0x39)) note([first, second, third, fourth]);
    }
  }
  return signs;
}
