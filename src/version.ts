/** Of this package, as its package.json says; it isn't read there, since not every runtime has files. */
export const version = '0.2.0';
