/** What must never reach a client: hosts, ports, services, libraries, stacks. */
export const insideNames = /127\.0\.0\.1|localhost|:\d{4,5}|-service|undici|grpc-js|ECONN|node:|\.ts\b|\bat /;
