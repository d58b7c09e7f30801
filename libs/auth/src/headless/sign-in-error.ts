/** Signing in without a browser failed; the message says at which step and why, for whoever runs the command. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}
