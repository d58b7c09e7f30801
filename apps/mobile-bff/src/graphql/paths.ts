/** Where GraphQL is served, over plain HTTP, event streams and WebSockets alike. */
export const graphqlPath = '/graphql';
/** Where its IDE is, in development. */
export const idePath = '/graphiql';
