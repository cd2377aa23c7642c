/** Recordings in an object store, for the server as well: it plays them from there, and deletes them there. */
export { FilesError } from '../FilesError.ts';
export { objectKey } from './objectKey.ts';
export { removeObjects } from './removeObjects.ts';
export { S3Source } from './S3Source.ts';
export { S3Upload } from './S3Upload.ts';
export { S3Store, type S3Options } from './S3Store.ts';
