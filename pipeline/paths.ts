import { dirname } from 'node:path';

/** Folder of the repository, wherever the command was started. */
export const REPOSITORY = dirname(__dirname);
