/** The file is read at run time, by a path that Next.js can't find in the code. */
export default {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingIncludes: { '/*': ['./models.yaml'] },
};
