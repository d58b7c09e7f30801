/** Host names, addresses, ports, service names, libraries and stacks: nothing of these may reach a client. */
export const insideNames =
  /service|127\.0\.0\.1|10\.1\.2\.3|localhost|\w:\d{4,5}\b|ECONN|undici|node:|at \S+ \(|fetch failed/;
