import { parseUpstreamUrls, type UpstreamScheme } from '@bff/upstream';
import { z } from 'zod';

/** A variable with the addresses of instances that speak `scheme`, and no other protocol. */
export const addressesOf = (scheme: UpstreamScheme, fallback: string, description: string) =>
  z
    .string()
    .superRefine((text, context) => {
      const message = faultOf(text, scheme);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .default(fallback)
    .describe(`${description}: \`${scheme}://host:port\`, several separated by commas.`);

/** What is wrong with a list of addresses; undefined when all of them can be forwarded to. */
function faultOf(text: string, wanted: UpstreamScheme): string | undefined {
  try {
    const { scheme } = parseUpstreamUrls(text);
    if (scheme === wanted) return undefined;
    const protocol = wanted === 'http' ? 'HTTP' : 'gRPC';
    return `the gateway forwards ${protocol} and cannot use ${scheme}://; give ${wanted}://host:port`;
  } catch (error) {
    return (error as Error).message;
  }
}
