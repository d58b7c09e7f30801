/** The package has no types of its own; this is all that is used of it. */
declare module 'swagger-ui-dist/absolute-path.js' {
  /** The folder that holds the package's files. */
  export default function absolutePath(): string;
}
