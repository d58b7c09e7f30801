export { developmentClients } from './development-clients.ts';
export { obtainSession, type ObtainSessionOptions } from './obtain-session.ts';
export { obtainToken, type ObtainedToken, type ObtainTokenOptions } from './obtain-token.ts';
export { SignInError } from './sign-in-error.ts';
