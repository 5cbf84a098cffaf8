/**
 * The version of this package, the same as in its package.json; not read from there, since not every runtime has
 * files.
 */
export const version = '0.3.0';
