/** Name of the object that holds a file of a recording; of what all its objects begin with where `file` is empty. */
export function objectKey(prefix: string, recordingId: string, file = ''): string {
  const start = prefix.replace(/\/+$/, '');
  return `${start === '' ? '' : `${start}/`}${recordingId}/${file}`;
}
