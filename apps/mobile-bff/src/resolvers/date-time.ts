import { GraphQLScalarType } from 'graphql';

/** `DateTime` of the schema. For output only: no argument takes a time. */
export const dateTime = new GraphQLScalarType<never, string>({
  name: 'DateTime',
  serialize(value) {
    if (!(value instanceof Date)) throw new TypeError('DateTime serialises a Date.');
    // Whole seconds are the rule, and ".000" would be a tenth of a small answer.
    return value.toISOString().replace('.000Z', 'Z');
  },
});
