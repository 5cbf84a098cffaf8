import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export const types = {
  'the types of the playground'() {
    const tsc = `${root}node_modules/typescript/bin/tsc`;
    try {
      execFileSync(process.execPath, [tsc, '-p', 'site'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      throw new Error(error.stdout || error.message, { cause: error });
    }
  },
};
