import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { CommandError } from '../command/command-error.ts';
import { shownPath } from '../command/shown-path.ts';
import { checkScenario } from './check-scenario.ts';
import { readJson } from './read-json.ts';
import { scenarioFileSchema, type ScenarioFile } from './scenario-schema.ts';

export interface NamedScenario {
  /** The file's name without `.json`. */
  readonly name: string;
  readonly file: ScenarioFile;
}

/** The scenarios that come with the tool. */
export const scenarioFolder = resolve(import.meta.dirname, '../../scenarios');

/** Names of the scenarios in a folder, sorted. */
export async function scenarioNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/**
 * Takes the name of a scenario that comes with the tool, or the path of a file, which ends in `.json`.
 * Throws a `CommandError`: of wrong usage for an unknown name, otherwise for a file that is no scenario.
 */
export async function findScenario(wanted: string, directory: string): Promise<NamedScenario> {
  const isPath = wanted.endsWith('.json');
  if (!isPath) {
    const names = await scenarioNames(scenarioFolder);
    if (!names.includes(wanted)) {
      throw new CommandError(
        2,
        `There is no scenario "${wanted}"; there are ${names.join(', ')}. A file of your own is given by its path and ends in .json.`,
      );
    }
  }
  const path = isPath ? resolve(directory, wanted) : join(scenarioFolder, `${wanted}.json`);
  const shownAs = shownPath(path, directory);
  const file = await readJson(path, scenarioFileSchema, shownAs, 'scenario');
  checkScenario(file, shownAs);
  return { name: basename(path, '.json'), file };
}
