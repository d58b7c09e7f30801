/** What only the inside knows: hosts, services, libraries, stacks. No answer to a client may have any of it. */
const patterns: readonly RegExp[] = [
  /127\.0\.0\.1|localhost|ECONN|EPIPE|HPE_|node_modules|\.ts\b|\bat \w+[ .]?\w* \(/i,
  /\b(?:order|payment|shipping)-service\b/i,
  /llhttp|undici|grpc-js|sqlite|redis|apollo|\bjose\b|\bzod\b|oidc-provider|openid-client|\bkoa\b/i,
  // As the library is written, and as it presents itself: "Northwind Express" is a carrier of the sample data.
  /\bexpress\b|x-powered-by/,
];
/** Headers that are part of GraphQL's CSRF defence, and named to who lacks them. */
const publicNames = /x-apollo-operation-name|apollo-require-preflight/gi;

/** The first such name in an answer; undefined when it has none. `publicOnes` are addresses that the client is meant to learn. */
export function findInsideName(text: string, publicOnes: readonly string[] = []): string | undefined {
  const told = publicOnes.reduce(
    (rest, address) => rest.replaceAll(address, ''),
    text.replaceAll(publicNames, ''),
  );
  return patterns.map((pattern) => pattern.exec(told)?.[0]).find((found) => found !== undefined);
}
