/** Why a photo is not taken or not shown, with the sentence that says so. */
const sentences = {
  'method-not-allowed': [405, 'Photos are begun with POST, sent with PATCH and read with GET.'],
  'foreign-page': [403, 'Only the app itself may send photos.'],
  'sign-in': [401, 'This device is not signed in.'],
  invalid: [400, 'The request does not say which photo it is about and how long that is.'],
  'not-found': [404, 'There is no such photo here, or it is not for this person.'],
  'not-yet-here': [404, 'The photo is still on the phone that took it.'],
  'other-offset': [409, 'The photo has come to another point than the request says.'],
  gone: [410, 'What was sent of this photo is no longer kept; it begins anew.'],
  'too-large': [413, 'A photo is at most 200,000 bytes.'],
  'not-a-photo': [415, 'Only JPEG and WebP pictures are taken.'],
  'carries-metadata': [422, 'The picture still tells of its camera or place.'],
  'other-content': [422, 'The bytes are not those of the photo that was announced.'],
  'too-many': [429, 'This device has sent too many photos.'],
  internal: [500, 'The photo could not be taken.'],
  unavailable: [503, 'The photo store does not answer; the photo stays on the phone until it does.'],
} as const;

export type PhotoRefusalCode = keyof typeof sentences;

/** Thrown where the protocol's own handler is in between; it reads `status_code` and `body`. */
export class PhotoRefused extends Error {
  readonly status_code: number;
  readonly body: string;

  constructor(readonly code: PhotoRefusalCode) {
    super(code);
    this.status_code = sentences[code][0];
    this.body = code;
  }
}

/** The refusal as an answer, in the form of the procedures' errors. */
export function refusedPhoto(code: PhotoRefusalCode): Response {
  const [httpStatus, message] = sentences[code];
  // The protocol's own sign tells a phone that it was the centre who said no, and not somebody in between.
  const headers: Record<string, string> = { 'cache-control': 'no-store', 'tus-resumable': '1.0.0' };
  if (httpStatus === 429) headers['retry-after'] = '3600';
  if (httpStatus === 503) headers['retry-after'] = '30';
  return Response.json({ error: { message, data: { code, httpStatus } } }, { status: httpStatus, headers });
}

/** What the protocol's handler answered, as one of our codes. */
export function codeOfAnswer(status: number, body: string): PhotoRefusalCode {
  if (body in sentences) return body as PhotoRefusalCode;
  const own = { 404: 'not-found', 409: 'other-offset', 410: 'gone', 413: 'too-large' } as const;
  return own[status as keyof typeof own] ?? (status < 500 ? 'invalid' : 'internal');
}
