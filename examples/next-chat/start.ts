import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from '../support/offline-server.ts';
import { offlineModels } from './offline-models.ts';

const here = new URL('./', import.meta.url);
const folder = fileURLToPath(here);

/** Installs the pinned packages, and this package as `npm install ai-alloy` would. */
export function install(): void {
  const changed = (file: string): number =>
    statSync(new URL(file, here), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // npm writes the second when it installs.
  if (changed('package-lock.json') > changed('node_modules/.package-lock.json')) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  const own = new URL('node_modules/ai-alloy/', here);
  rmSync(own, { recursive: true, force: true });
  for (const each of ['package.json', 'dist']) {
    cpSync(new URL(`../../${each}`, here), new URL(each, own), { recursive: true });
  }
}

/** The application while it runs. */
export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the application, and starts it against an offline server. `latency` is the pause between two parts of an answer. */
export async function start({ port = 3000, latency = 20, environment = {} } = {}): Promise<Running> {
  // Always offline: the real models of an account have other names and sizes than those of models.yaml.
  delete process.env['OPENAI_BASE_URL'];
  const server = await connect(offlineModels, { latency, chunkSize: 12 });
  const env = {
    ...process.env,
    OPENAI_BASE_URL: server.url,
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production' as const,
    ...environment,
  };
  const next = fileURLToPath(new URL('node_modules/next/dist/bin/next', here));
  try {
    execFileSync(process.execPath, [next, 'build'], { cwd: folder, env, stdio: 'pipe' });
    const child = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', `${port}`], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await urlOf(child);
    return {
      url,
      async close() {
        child.kill();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    const { stdout = '', stderr = '' } = error as { stdout?: Buffer | string; stderr?: Buffer | string };
    throw new Error(`next build fails\n${stdout}${stderr}`, { cause: error });
  }
}

/** Where a server says that it listens, once it is ready. */
async function urlOf({ stdout }: ChildProcess): Promise<string> {
  let url: string | undefined;
  for await (const line of createInterface({ input: stdout! })) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url !== undefined && line.includes('Ready')) return url;
  }
  throw new Error('next start has ended');
}
