import { InvalidConfigurationError } from '../errors.ts';

/** A package that only some files need; without it, what to install is said. */
export async function peer<Module>(
  name: string,
  format: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch {
    throw new InvalidConfigurationError({
      option: 'loadModelGateway.file',
      value: format,
      remedy: `reading it takes the package ${name}: npm install ${name}`,
    });
  }
}
