import { defaultConcurrencyTuning } from '@bff/admission';
import { defaultPolicy, policyReference, type PolicyOverrides } from '@bff/load-balancing';
import { z } from 'zod';
import { strictObject } from './strict-object.ts';

export const pickers = ['peak_ewma', 'least_request', 'round_robin', 'consistent_hash'] as const;

const { picker: defaultPicker, ...sections } = defaultPolicy;

/**
 * Parts of a balancing policy, by the names that `Policy` has, each with its reason for editors.
 * `createPolicy` checks the ranges afterwards.
 */
export const policySchema = strictObject({
  picker: z.enum(pickers).exactOptional().meta({ default: defaultPicker }),
  ...Object.fromEntries(
    Object.entries(sections).map(([section, values]) => [
      section,
      strictObject(
        Object.fromEntries(
          Object.entries(values as object as Record<string, number>).map(([name, value]) => [
            name,
            z
              .number()
              .exactOptional()
              .meta({ default: value, description: reasonOf(`${section}.${name}`) }),
          ]),
        ),
      ).exactOptional(),
    ]),
  ),
}) as unknown as z.ZodType<PolicyOverrides>;

/** Values of the concurrency limiter; the limiter itself checks the ranges. */
export const admissionSchema = strictObject(
  Object.fromEntries(
    Object.entries(defaultConcurrencyTuning).map(([name, value]) => [
      name,
      z.number().exactOptional().meta({ default: value }),
    ]),
  ),
) as unknown as z.ZodType<Readonly<Record<string, number>>>;

function reasonOf(name: string): string {
  return policyReference.find((row) => row.name === name)?.reason ?? '';
}
