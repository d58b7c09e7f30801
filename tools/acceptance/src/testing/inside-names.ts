/** What only the inside knows: hosts and ports, services, libraries, stacks. No answer to a client may have any. */
export const insideNames =
  /127\.0\.0\.1|localhost|ECONN|EPIPE|order-service|payment-service|shipping-service|undici|grpc-js|sqlite|apollo|node_modules|\.ts\b|\bat \w+ \(/i;
