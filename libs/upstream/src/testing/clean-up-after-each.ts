import { afterEach } from '@jest/globals';

/** What is put into the list is undone after the test, the latest first. */
export function cleanUpAfterEach(): (() => Promise<void> | void)[] {
  const cleanUps: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
  return cleanUps;
}
